// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/**
 * Settings of a {@link NoTrackSession}. Durations in nanoseconds.
 *
 * @param datagramSize room in a datagram; a message is added while {@code used + length < datagramSize}; 128 to 65507
 *     octets
 * @param objectLimit most handles waiting together
 * @param payloadLimit most octets of ready payloads waiting together ({@code DisableInternalCache})
 * @param aliveNanos a message is sent at the latest this long after the previous one
 * @param silentNanos a peer is called silent after this long without a valid message
 * @param reorderNanos how long missing messages may come late before they count as lost
 * @param resyncIntervalNanos least time between two requests for a resync; doubled while losses go on
 * @param resyncLimitNanos to which that time may grow
 * @param bulkSlice objects of a bulk sent at once
 * @param bulkPauseNanos between two such slices: nobody acknowledges, so only the clock keeps a bulk from running over
 *     the peer's socket buffer
 */
public record BestEffortConfig(
        int datagramSize,
        int objectLimit,
        int payloadLimit,
        long aliveNanos,
        long silentNanos,
        long reorderNanos,
        long resyncIntervalNanos,
        long resyncLimitNanos,
        int bulkSlice,
        long bulkPauseNanos) {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;

    /** For an Ethernet link; a bulk of some 100 000 objects, or 8 MB, a second. */
    public static final BestEffortConfig DEFAULT = new BestEffortConfig(
            1500 - FtfwConfig.HEADER_ESTIMATE,
            1 << 24,
            4 << 20,
            SECOND,
            5 * SECOND,
            200 * MILLISECOND,
            SECOND,
            60 * SECOND,
            512,
            5 * MILLISECOND);

    /** Checks every value; the message names the setting and its range. */
    public BestEffortConfig {
        require(
                datagramSize >= 128 && datagramSize <= 65_507,
                "datagramSize",
                datagramSize,
                "between 128 and 65507 octets (MTU - 28)");
        require(objectLimit >= 1 && objectLimit <= 1 << 28, "objectLimit", objectLimit, "between 1 and 268435456");
        require(payloadLimit >= 1 << 16, "payloadLimit", payloadLimit, "at least 65536 octets");
        require(aliveNanos > 0, "aliveNanos", aliveNanos, "more than 0");
        require(silentNanos > 0, "silentNanos", silentNanos, "more than 0");
        require(reorderNanos >= 0, "reorderNanos", reorderNanos, "0 or more");
        require(resyncIntervalNanos > 0, "resyncIntervalNanos", resyncIntervalNanos, "more than 0");
        require(
                resyncLimitNanos >= resyncIntervalNanos,
                "resyncLimitNanos",
                resyncLimitNanos,
                "at least resyncIntervalNanos");
        require(bulkSlice >= 1, "bulkSlice", bulkSlice, "1 or more");
        require(bulkPauseNanos >= 0, "bulkPauseNanos", bulkPauseNanos, "0 or more");
    }

    /** The same for an interface of this MTU, as conntrackd computes the datagram's size. */
    public BestEffortConfig withMtu(int mtu) {
        return new BestEffortConfig(
                mtu - FtfwConfig.HEADER_ESTIMATE,
                objectLimit,
                payloadLimit,
                aliveNanos,
                silentNanos,
                reorderNanos,
                resyncIntervalNanos,
                resyncLimitNanos,
                bulkSlice,
                bulkPauseNanos);
    }

    private static void require(boolean holds, String name, long value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be " + range);
        }
    }
}
