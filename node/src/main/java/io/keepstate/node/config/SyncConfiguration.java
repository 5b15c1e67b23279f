// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What is synchronised with the peer, and within which limits.
 *
 * @param mode how state travels
 * @param link to the peer
 * @param filter which of the kernel's flows take part
 * @param commitTimeout lifetime given to flows at commit; when absent, what is left of the lifetime the peer sent
 * @param purgeTimeout from losing the active role to deleting the flows in the kernel
 * @param flowLimit entries of the internal and of the external cache, each
 * @param ackWindow messages received before an acknowledgement is due
 * @param resendLimit sent and unacknowledged messages that are kept
 * @param netlinkBuffer octets of the event socket's receive buffer, 0 for the system's choice
 * @param netlinkBufferLimit to which the buffer may grow after an overrun
 * @param overrunResyncDelay from an overrun of the event socket to the dump that repairs it
 * @param tcpWindowTracking whether committed TCP flows keep strict window checks
 */
public record SyncConfiguration(
        SyncMode mode,
        PeerLink link,
        FlowFilter filter,
        Optional<Duration> commitTimeout,
        Duration purgeTimeout,
        int flowLimit,
        int ackWindow,
        int resendLimit,
        int netlinkBuffer,
        int netlinkBufferLimit,
        Duration overrunResyncDelay,
        boolean tcpWindowTracking) {

    /** Checks the ranges. */
    public SyncConfiguration {
        check(
                commitTimeout.isEmpty() || commitTimeout.get().toSeconds() > 0,
                "commit timeout must be at least one second");
        check(!purgeTimeout.isNegative(), "purge timeout must not be negative");
        check(flowLimit > 0, "flow limit must be positive");
        check(ackWindow > 0, "acknowledgement window must be positive");
        check(resendLimit > 0, "resend limit must be positive");
        check(netlinkBuffer >= 0 && netlinkBufferLimit >= 0, "a netlink buffer cannot be negative");
        check(!overrunResyncDelay.isNegative(), "overrun resync delay must not be negative");
    }

    /** Starts a description with conntrackd's defaults, and a buffer for kernel events of 2 MiB that may grow to 8 MiB. */
    public static Builder builder(PeerLink link) {
        return new Builder(link);
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException("sync: " + complaint);
        }
    }

    /** Collects the parts of a {@link SyncConfiguration}; {@link #build()} checks them. */
    public static final class Builder {
        private final PeerLink link;
        private FlowFilter filter = FlowFilter.ALL;
        private Optional<Duration> commitTimeout = Optional.empty();
        private Duration purgeTimeout = Duration.ofSeconds(60);
        private int flowLimit = 262_144;
        private int ackWindow = 300;
        private int resendLimit = 131_072;
        private int netlinkBuffer = 2 << 20;
        private int netlinkBufferLimit = 8 << 20;
        private Duration overrunResyncDelay = Duration.ofSeconds(30);
        private boolean tcpWindowTracking;

        private Builder(PeerLink link) {
            this.link = link;
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

        /** Messages before an acknowledgement is due. */
        public Builder ackWindow(int value) {
            ackWindow = value;
            return this;
        }

        /** Unacknowledged messages kept. */
        public Builder resendLimit(int value) {
            resendLimit = value;
            return this;
        }

        /** Receive buffer of the event socket and how far it may grow, in octets. */
        public Builder netlinkBuffer(int size, int limit) {
            netlinkBuffer = size;
            netlinkBufferLimit = limit;
            return this;
        }

        /** From an overrun to the dump that repairs it. */
        public Builder overrunResyncDelay(Duration value) {
            overrunResyncDelay = value;
            return this;
        }

        /** Strict window checks of committed TCP flows. */
        public Builder tcpWindowTracking(boolean value) {
            tcpWindowTracking = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException when a value is out of range
         */
        public SyncConfiguration build() {
            return new SyncConfiguration(
                    SyncMode.FTFW,
                    link,
                    filter,
                    commitTimeout,
                    purgeTimeout,
                    flowLimit,
                    ackWindow,
                    resendLimit,
                    netlinkBuffer,
                    netlinkBufferLimit,
                    overrunResyncDelay,
                    tcpWindowTracking);
        }
    }
}
