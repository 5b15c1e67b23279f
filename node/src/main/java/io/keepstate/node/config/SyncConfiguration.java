// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import io.keepstate.flow.wire.WireProfile;
import java.time.Duration;
import java.util.Optional;

/**
 * What is synchronised with the peer, how, and within which limits.
 *
 * @param mode how state travels, with the settings of that mode
 * @param links to the peer
 * @param filter which of the kernel's flows take part
 * @param commitTimeout {@code CommitTimeout}, lifetime given to flows at commit, a second or more; when absent, what is
 *     left of the lifetime that the peer told, see {@link #tellsLifetimes}
 * @param purgeTimeout {@code PurgeTimeout}, from losing the active role to deleting the flows in the kernel
 * @param flowLimit {@code HashLimit}, entries of the internal and of the external cache, each; 1 or more
 * @param expectations {@code ExpectationSync}
 * @param tcpWindowTracking {@code TCPWindowTracking}: window scales travel, and committed TCP flows keep strict window
 *     checks; without it they are liberal
 * @param emitProfile the peer's version and byte order, which decide what may be sent to it
 * @param netlink how the kernel's table is followed
 */
public record SyncConfiguration(
        SyncMode mode,
        PeerLinks links,
        FlowFilter filter,
        Optional<Duration> commitTimeout,
        Duration purgeTimeout,
        int flowLimit,
        ExpectationSync expectations,
        boolean tcpWindowTracking,
        WireProfile emitProfile,
        NetlinkSettings netlink) {

    /** Checks the ranges. */
    public SyncConfiguration {
        check(
                commitTimeout.isEmpty() || commitTimeout.get().toSeconds() > 0,
                "commit timeout must be at least one second");
        check(!purgeTimeout.isNegative(), "purge timeout must not be negative");
        check(flowLimit > 0, "flow limit must be positive");
    }

    /**
     * Starts a description with conntrackd's defaults, and a buffer for kernel events of 2 MiB that may grow to 8 MiB.
     */
    public static Builder builder(PeerLink link) {
        return builder(PeerLinks.of(link));
    }

    /** As {@link #builder(PeerLink)}, with several links. */
    public static Builder builder(PeerLinks links) {
        return new Builder(links);
    }

    /** The link that is used whenever it works. */
    public PeerLink link() {
        return links.preferred();
    }

    /** Lifetime given to flows at commit in seconds, 0 for what is left of the one that the peer told. */
    public long commitSeconds() {
        return commitTimeout.map(Duration::toSeconds).orElse(0L);
    }

    /**
     * Whether the peer is told how long flows live. {@code CommitTimeout} takes the place of it, but not without an
     * external cache: there conntrackd ignores {@code CommitTimeout}, and what arrives without a lifetime it cannot put
     * into its kernel (EINVAL).
     */
    public boolean tellsLifetimes() {
        return commitTimeout.isEmpty() || mode.disableExternalCache();
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException("sync: " + complaint);
        }
    }

    /** Collects the parts of a {@link SyncConfiguration}; {@link #build()} checks them. */
    public static final class Builder {
        private final PeerLinks links;
        private SyncMode mode = SyncMode.Ftfw.DEFAULT;
        private FlowFilter filter = FlowFilter.ALL;
        private Optional<Duration> commitTimeout = Optional.empty();
        private Duration purgeTimeout = Duration.ofSeconds(60);
        private int flowLimit = 262_144;
        private ExpectationSync expectations = ExpectationSync.OFF;
        private boolean tcpWindowTracking;
        private WireProfile emitProfile = WireProfile.V1_4_7;
        private NetlinkSettings netlink = NetlinkSettings.DEFAULT;

        private Builder(PeerLinks links) {
            this.links = links;
        }

        /** How state travels. */
        public Builder mode(SyncMode value) {
            mode = value;
            return this;
        }

        /** Which flows take part. */
        public Builder filter(FlowFilter value) {
            filter = value;
            return this;
        }

        /** Lifetime of committed flows. */
        public Builder commitTimeout(Duration value) {
            commitTimeout = Optional.of(value);
            return this;
        }

        /** From losing the role to deleting flows. */
        public Builder purgeTimeout(Duration value) {
            purgeTimeout = value;
            return this;
        }

        /** Entries of each cache. */
        public Builder flowLimit(int value) {
            flowLimit = value;
            return this;
        }

        /** Which expectations take part. */
        public Builder expectations(ExpectationSync value) {
            expectations = value;
            return this;
        }

        /** Window scales, and strict window checks of committed TCP flows. */
        public Builder tcpWindowTracking(boolean value) {
            tcpWindowTracking = value;
            return this;
        }

        /** Version and byte order of the peer. */
        public Builder emitProfile(WireProfile value) {
            emitProfile = value;
            return this;
        }

        /** How the kernel's table is followed. */
        public Builder netlink(NetlinkSettings value) {
            netlink = value;
            return this;
        }

        /** Receive buffer of the event socket and how far it may grow, in octets. */
        public Builder netlinkBuffer(int size, int limit) {
            return netlink(netlink.withBuffer(size, limit));
        }

        /** From an overrun to the dump that repairs it. */
        public Builder overrunResyncDelay(Duration value) {
            return netlink(netlink.withOverrunResync(Optional.of(value)));
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException when a value is out of range
         */
        public SyncConfiguration build() {
            return new SyncConfiguration(
                    mode,
                    links,
                    filter,
                    commitTimeout,
                    purgeTimeout,
                    flowLimit,
                    expectations,
                    tcpWindowTracking,
                    emitProfile,
                    netlink);
        }
    }
}
