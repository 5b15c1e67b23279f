// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import org.jspecify.annotations.Nullable;

/** What a virtual router knows of the active one: who it is, how often it speaks, and when it last did. */
final class HeardActive {

    /** So many advertisements of version 3 in a row without one of version 2 mean that there are none. */
    private static final int VERSION_3_ALONE = 3;

    private final LocalRouter self;
    private @Nullable IpAddress address;
    private int priority;
    private int intervalCentis;
    private long lastNanos;
    private @Nullable IpAddress version3Source;
    private long version3Nanos;
    private int version3InARow;

    HeardActive(LocalRouter self) {
        this.self = self;
        this.intervalCentis = self.config().intervalCentis();
    }

    /** Nobody is known; our own interval counts, and the time of silence begins. */
    void forget(long nowNanos) {
        address = null;
        priority = 0;
        intervalCentis = self.config().intervalCentis();
        lastNanos = nowNanos;
    }

    /** Our own interval may be another one: it counts unless one was learned. */
    void configChanged() {
        if (address == null || self.config().version() == Version.V2) {
            intervalCentis = self.config().intervalCentis();
        }
    }

    @Nullable
    IpAddress address() {
        return address;
    }

    /** Priority last heard from it; 0 if none was. */
    int priority() {
        return priority;
    }

    /** Active_Adver_Interval. */
    int intervalCentis() {
        return intervalCentis;
    }

    /** When somebody active was last heard, or when listening began. */
    long lastNanos() {
        return lastNanos;
    }

    /** Somebody active spoke, whether we follow or not. */
    void spoke(long nowNanos) {
        lastNanos = nowNanos;
    }

    /** Takes this router for the active one and learns its interval: never 0, and not beyond what is believed. */
    void follow(Advertisement advertisement, IpAddress source) {
        if (!source.equals(address)) {
            address = source;
            version3InARow = 0;
            self.forgetNotes();
        }
        priority = advertisement.priority();
        VirtualRouterConfig config = self.config();
        if (config.version() == Version.V2) {
            return;
        }
        int interval = advertisement.intervalCentis();
        if (interval > config.maxLearnedIntervalCentis()) {
            self.counters.intervalsCapped++;
            self.noteOnce(Note.LEARNED_INTERVAL_CAPPED, source, "advertises an interval longer than is believed");
            interval = config.maxLearnedIntervalCentis();
        } else if (interval != config.intervalCentis()) {
            self.noteOnce(Note.INTERVAL_DIFFERS, source, "advertises another interval than ours; its interval is used");
        }
        if (advertisement.intervalCentis() != config.intervalCentis()) {
            self.counters.intervalMismatches++;
        }
        intervalCentis = interval;
    }

    /**
     * Whether this is the version 2 of a router whose version 3 is heard as well: of no use (RFC 9568 section 8.4.2). Call
     * once for each advertisement of a router that speaks both.
     */
    boolean isEchoOfVersion3(Advertisement advertisement, IpAddress source, long nowNanos) {
        boolean spoke3 = source.equals(version3Source) && nowNanos - version3Nanos <= self.downNanos(intervalCentis);
        if (advertisement.version() == Version.V2) {
            version3InARow = 0;
            return spoke3;
        }
        version3Source = source;
        version3Nanos = nowNanos;
        version3InARow++;
        if (version3InARow > VERSION_3_ALONE) {
            self.noteOnce(Note.VERSION_2_MISSING, source, "speaks version 3 only, we speak version 2 as well");
        }
        return false;
    }
}
