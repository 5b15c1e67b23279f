// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How state travels to the peer, with what only makes sense there. Both nodes of a pair must have the same mode: nothing
 * on the wire says which it is.
 */
public sealed interface SyncMode {

    /** {@code DisableInternalCache}: kernel events go straight to the wire, nothing of our own flows is kept. */
    default boolean disableInternalCache() {
        return false;
    }

    /** {@code DisableExternalCache}: the peer's flows go straight into our kernel, nothing of them is kept. */
    default boolean disableExternalCache() {
        return false;
    }

    /**
     * {@code StartupResync}: whether a node that starts, or meets a peer for the first time, asks for everything. Without
     * it a standby learns of flows only as they change, and the first takeover may lose the others.
     */
    default boolean startupResync() {
        return false;
    }

    /** Sent messages that are kept until they are acknowledged; 0 in modes that keep none. */
    default int resendLimit() {
        return 0;
    }

    /** After which a copy of the peer's state that is not announced again is dropped; empty where it is kept. */
    default Optional<Duration> expiry() {
        return Optional.empty();
    }

    /**
     * Reliable, between two nodes: sequence numbers, acknowledgements, messages sent again.
     *
     * @param ackWindow {@code ACKWindowSize}, messages received before an acknowledgement is due; 1 or more
     * @param resendLimit {@code ResendQueueSize}, sent and unacknowledged messages that are kept; 16 to 16777216
     * @param disableExternalCache see {@link SyncMode#disableExternalCache()}
     * @param startupResync see {@link SyncMode#startupResync()}
     */
    record Ftfw(int ackWindow, int resendLimit, boolean disableExternalCache, boolean startupResync)
            implements SyncMode {
        /** conntrackd's defaults, but for the question at the start, which costs one bulk and saves a standby. */
        public static final Ftfw DEFAULT = new Ftfw(300, 131_072, false, true);

        /** Checks the ranges. */
        public Ftfw {
            check(ackWindow >= 1, "ACKWindowSize " + ackWindow + " is not 1 or more");
            check(
                    resendLimit >= 16 && resendLimit <= 1 << 24,
                    "ResendQueueSize " + resendLimit + " is not in 16..16777216");
        }

        /** The same with other windows. */
        public Ftfw withWindows(int acknowledged, int kept) {
            return new Ftfw(acknowledged, kept, disableExternalCache, startupResync);
        }
    }

    /**
     * Best effort, between any number of nodes: every change is sent once. Losses are seen by the sequence numbers.
     *
     * @param disableInternalCache see {@link SyncMode#disableInternalCache()}
     * @param disableExternalCache see {@link SyncMode#disableExternalCache()}
     * @param startupResync see {@link SyncMode#startupResync()}
     */
    record NoTrack(boolean disableInternalCache, boolean disableExternalCache, boolean startupResync)
            implements SyncMode {
        /** With both caches, as conntrackd's, and with a question at the start. */
        public static final NoTrack DEFAULT = new NoTrack(false, false, true);
    }

    /**
     * By repetition, between any number of nodes: every flow is announced again before long, and a copy that is not
     * announced any more is dropped.
     *
     * @param refreshTime {@code RefreshTime}, a flow is announced at random intervals of up to this and a second;
     *     1 s to a day
     * @param cacheTimeout {@code CacheTimeout}, a copy of a peer's flow is dropped when nothing was heard of it for so
     *     long; 1 s or more, and several refresh times of the peer to stand losses
     */
    record Alarm(Duration refreshTime, Duration cacheTimeout) implements SyncMode {
        /** conntrackd's defaults: 60 s and 180 s. */
        public static final Alarm DEFAULT = new Alarm(Duration.ofSeconds(60), Duration.ofSeconds(180));

        /** Checks the ranges. */
        public Alarm {
            check(
                    refreshTime.toSeconds() >= 1 && refreshTime.toDays() <= 1,
                    "RefreshTime " + refreshTime.toSeconds() + " is not in 1..86400 seconds");
            check(cacheTimeout.toSeconds() >= 1, "CacheTimeout must be at least one second");
        }

        @Override
        public Optional<Duration> expiry() {
            return Optional.of(cacheTimeout);
        }
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException("sync: " + complaint);
        }
    }
}
