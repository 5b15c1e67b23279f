// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

import io.keepstate.flow.wire.MalformedPayload;
import io.keepstate.ftfw.FtfwStats;
import java.util.Map;
import java.util.Optional;

/**
 * The sync side in numbers: what {@code conntrackd -s}, {@code -s network}, {@code -s cache}, {@code -s runtime},
 * {@code -s queue} and {@code -s link} show, and how much of the traffic would survive a failover.
 *
 * @param internal the flows of our kernel
 * @param external the flows of the peer
 * @param processedPackets packets of flows that ended (needs nf_conntrack_acct)
 * @param processedBytes their octets
 * @param session the peer's session
 * @param kernel events and dumps
 * @param applied messages of the peer by what became of them
 * @param refusedPayloads messages of the peer whose attributes could not be read, by reason; only reasons that occurred
 * @param committed flows put into the kernel since the start
 * @param refusals flows that the kernel refused at a commit, by reason
 * @param unprotected flows that are not at the peer, by reason
 * @param incomplete flows that are at the peer without an attribute that the wire cannot carry, by reason; only reasons
 *     that there are
 * @param expectations of our kernel and of the peer, absent without {@code ExpectationSync}
 * @param bypass what went straight to the wire, absent with an internal cache
 * @param injection what went straight into the kernel, absent with an external cache
 * @param expired copies of the peer's flows that were not announced in time (ALARM)
 * @param deletedGivenUp ends that the peer was not told of, since too many waited for it
 * @param senderTurns how often a second daemon spoke between two datagrams of the first: FTFW is a protocol of two
 */
public record SyncStats(
        CacheSnapshot internal,
        CacheSnapshot external,
        long processedPackets,
        long processedBytes,
        FtfwStats session,
        KernelSnapshot kernel,
        Map<String, Long> applied,
        Map<MalformedPayload, Long> refusedPayloads,
        long committed,
        Map<String, Long> refusals,
        Map<String, Long> unprotected,
        Map<String, Long> incomplete,
        Optional<ExpectationStats> expectations,
        Optional<BypassSnapshot> bypass,
        Optional<InjectionSnapshot> injection,
        long expired,
        long deletedGivenUp,
        long senderTurns) {

    /**
     * Both caches of expectations.
     *
     * @param committed put into the kernel since the start
     * @param refusals that the kernel refused at a commit, by reason
     * @param unprotected of our kernel that are not at the peer, or there in part, by reason; only reasons that there
     *     are. {@code expectation_zone}: the master is in another zone than 0, or nobody can tell in which
     * @param events what the kernel told of them
     */
    public record ExpectationStats(
            CacheSnapshot internal,
            CacheSnapshot external,
            long committed,
            Map<String, Long> refusals,
            Map<String, Long> unprotected,
            ExpectationEvents events) {
        /** Copies the maps. */
        public ExpectationStats {
            refusals = Map.copyOf(refusals);
            unprotected = Map.copyOf(unprotected);
        }
    }

    /**
     * What the kernel told of expectations, and what it was asked after that.
     *
     * @param filtered events of expectations that take no part
     * @param mastersRead flows read again since a helper announced something on them, which may have shifted their
     *     sequence numbers
     * @param mastersNotRead flows that were not, since too many waited for it
     */
    public record ExpectationEvents(long filtered, long mastersRead, long mastersNotRead) {}

    /** Copies the maps. */
    public SyncStats {
        applied = Map.copyOf(applied);
        refusedPayloads = Map.copyOf(refusedPayloads);
        refusals = Map.copyOf(refusals);
        unprotected = Map.copyOf(unprotected);
        incomplete = Map.copyOf(incomplete);
    }

    /** The share of our flows that the peer is told of, 0..1; 1 when there are none. */
    public double protectedRatio() {
        long flows = internal.entries() + unprotected.getOrDefault("no_room", 0L);
        if (flows == 0) {
            return 1;
        }
        long missing = unprotected.values().stream().mapToLong(Long::longValue).sum();
        return Math.max(0, (double) (flows - missing) / flows);
    }
}
