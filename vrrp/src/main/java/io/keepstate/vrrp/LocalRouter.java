// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a virtual router is in itself, whatever its state: configuration, priority, source address, and its voice. What it
 * says is built when one of these changes and handed out again and again, so that an advertisement allocates nothing.
 */
final class LocalRouter {

    private static final int CENTIS_PER_SECOND = 100;
    private static final int LEAST_ADVERTS_OF_A_PAUSE = 2;
    private static final long NEVER = Long.MIN_VALUE;

    final MutableCounters counters = new MutableCounters();
    private final VirtualRouter router;
    private final EffectSink sink;
    private final EnumSet<Note> noted = EnumSet.noneOf(Note.class);
    private VirtualRouterConfig config;
    private IpAddress source;
    private int priority;
    private ChecksumForm checksumForm;
    /** One, or with version 2 beside version 3 two. */
    private Effect.SendAdvertisement[] advertise;

    private Effect.SendAdvertisement[] resign;
    private long lastSentNanos;
    /** When it last advertised with each priority. */
    private final long[] saidNanos = new long[Advertisement.PRIORITY_OWNER + 1];
    /** The list that was compared with ours last: the same message comes again and again, and is the same object. */
    private @Nullable List<IpAddress> compared;

    private boolean comparedIsOurs;

    LocalRouter(VirtualRouter router, VirtualRouterConfig config, IpAddress source, EffectSink sink) {
        this.router = router;
        this.sink = sink;
        this.config = config;
        this.source = checkSource(config, source);
        this.priority = config.priority();
        Arrays.fill(saidNanos, NEVER);
        this.checksumForm = initialForm(config);
        this.advertise = sending(priority);
        this.resign = sending(Advertisement.PRIORITY_RESIGN);
    }

    VirtualRouterConfig config() {
        return config;
    }

    IpAddress source() {
        return source;
    }

    int priority() {
        return priority;
    }

    long lastSentNanos() {
        return lastSentNanos;
    }

    /** Whether it advertised with this priority so lately that others still count on it: within the down interval. */
    boolean saidLately(int thePriority, long nowNanos) {
        long said = saidNanos[thePriority];
        return said != NEVER && nowNanos - said <= downNanos(config.intervalCentis());
    }

    void setSource(IpAddress address) {
        source = checkSource(config, address);
    }

    void setPriority(int value) {
        priority = value;
        advertise = sending(value);
    }

    void setConfig(VirtualRouterConfig value) {
        boolean sameForm = value.version() == config.version() && value.checksumMode() == config.checksumMode();
        config = value;
        compared = null;
        checksumForm = sameForm ? checksumForm : initialForm(value);
        advertise = sending(priority);
        resign = sending(Advertisement.PRIORITY_RESIGN);
    }

    /** What it says as the active router: one advertisement, or with version 2 beside version 3 two. */
    List<Advertisement> advertisements() {
        return Stream.of(advertise).map(Effect.SendAdvertisement::advertisement).toList();
    }

    void advertise(long nowNanos) {
        send(advertise, nowNanos);
    }

    void resign(long nowNanos) {
        counters.priorityZeroSent++;
        send(resign, nowNanos);
    }

    void emit(Effect effect) {
        sink.accept(effect);
    }

    /** Tells the operator, once until {@link #forgetNotes}. */
    void noteOnce(Note note, IpAddress about, String text) {
        if (noted.add(note)) {
            sink.accept(new Effect.Noted(router, note, about + " " + text));
        }
    }

    /** The state or the active router is another one: what was noted may be noted again. */
    void forgetNotes() {
        noted.clear();
    }

    /** Uses the form of checksum that others use, if told to find out. */
    void followChecksum(Advertisement advertisement, IpAddress from) {
        if (config.checksumMode() == ChecksumMode.AUTO
                && advertisement.version() == Version.V3
                && advertisement.checksumForm() != checksumForm) {
            checksumForm = advertisement.checksumForm();
            advertise = sending(priority);
            resign = sending(Advertisement.PRIORITY_RESIGN);
            noteOnce(Note.CHECKSUM_FORM_CHANGED, from, "uses the checksum form " + checksumForm + "; so do we now");
        }
    }

    /** Compares the addresses of an advertisement with ours, in any order (RFC 9568 section 7.1: report only). */
    void compareLists(Advertisement advertisement, IpAddress from) {
        List<IpAddress> theirs = advertisement.addresses();
        if (theirs != compared) {
            List<IpAddress> ours = advertise[0].advertisement().addresses();
            compared = theirs;
            comparedIsOurs = theirs.size() == ours.size() && Set.copyOf(theirs).equals(Set.copyOf(ours));
        }
        if (!comparedIsOurs) {
            counters.addressListMismatches++;
            noteOnce(Note.ADDRESS_LIST_MISMATCH, from, "advertises other virtual addresses than ours");
        }
    }

    long intervalNanos() {
        return ActiveDownInterval.intervalNanos(config.intervalCentis());
    }

    /** Skew_Time. An owner's is that of 255, whatever its trackers say. */
    long skewNanos(int ofPriority, int activeIntervalCentis) {
        return ActiveDownInterval.skewNanos(config.version(), ofPriority, activeIntervalCentis);
    }

    /** Active_Down_Interval. */
    long downNanos(int activeIntervalCentis) {
        return ActiveDownInterval.nanos(config.version(), priority, activeIntervalCentis, config.downTimerAdverts());
    }

    /**
     * How long after our last advertisement the best possible backup has taken over; at least a whole interval after the
     * next one was due, or the jitter of our own timer would count as a pause.
     */
    long othersTakeOverNanos() {
        int adverts = Math.max(LEAST_ADVERTS_OF_A_PAUSE, config.downTimerAdverts());
        return ActiveDownInterval.nanos(
                config.version(), Advertisement.PRIORITY_OWNER - 1, config.intervalCentis(), adverts);
    }

    private void send(Effect.SendAdvertisement[] effects, long nowNanos) {
        lastSentNanos = nowNanos;
        saidNanos[effects[0].advertisement().priority()] = nowNanos;
        for (Effect.SendAdvertisement effect : effects) {
            counters.advertsSent++;
            sink.accept(effect);
        }
    }

    private Effect.SendAdvertisement[] sending(int value) {
        Effect.SendAdvertisement first = new Effect.SendAdvertisement(
                router,
                new Advertisement(
                        config.version(),
                        config.virtualRouterId(),
                        value,
                        config.intervalCentis(),
                        config.advertisedAddresses(),
                        config.authentication(),
                        checksumForm));
        return config.dualVersion()
                ? new Effect.SendAdvertisement[] {first, version2(value)}
                : new Effect.SendAdvertisement[] {first};
    }

    /** The same in version 2, at the same rate even if its field cannot say so (RFC 9568 section 8.4.2). */
    private Effect.SendAdvertisement version2(int value) {
        int seconds = (config.intervalCentis() + CENTIS_PER_SECOND - 1) / CENTIS_PER_SECOND;
        return new Effect.SendAdvertisement(
                router,
                new Advertisement(
                        Version.V2,
                        config.virtualRouterId(),
                        value,
                        seconds * CENTIS_PER_SECOND,
                        config.advertisedAddresses(),
                        Authentication.NONE,
                        ChecksumForm.MESSAGE_ONLY));
    }

    private static ChecksumForm initialForm(VirtualRouterConfig config) {
        return config.checksumMode().initialForm(config.version(), config.family());
    }

    private static IpAddress checkSource(VirtualRouterConfig config, IpAddress address) {
        if (address.family() != config.family()) {
            throw new IllegalArgumentException("virtual router " + config.name() + ": source address " + address
                    + " is not of the family of its virtual addresses");
        }
        return address;
    }
}
