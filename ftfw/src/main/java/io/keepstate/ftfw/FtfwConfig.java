// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/**
 * Settings of a session. Durations in nanoseconds.
 *
 * @param ackWindowSize messages received before an ACK is due ({@code ACKWindowSize})
 * @param resendQueueSize most messages sent and not acknowledged ({@code ResendQueueSize}); the peer is taken to have
 *     the same
 * @param objectLimit most handles waiting or unacknowledged together
 * @param datagramSize room in a datagram; a message is added while {@code used + length < datagramSize}
 * @param aliveNanos a message is sent at the latest this long after the previous one, an ACK this long after receipt
 * @param helloHoldNanos objects wait for the handshake, at most this long after the first transmission and again after
 *     the first message heard: what is lost while saying HELLO is never asked for by the peer (0: do not wait)
 * @param resendNanos an object over which an ACK has passed is sent again after one to two of these
 * @param silentNanos the peer is called silent after this long without a valid message
 * @param resyncIntervalNanos least time between two requests for a resync; an earlier one waits, it is not lost
 * @param nackServiceNanos how long after the peer acknowledged a NACK the lost messages may take to come
 */
public record FtfwConfig(
        int ackWindowSize,
        int resendQueueSize,
        int objectLimit,
        int datagramSize,
        long aliveNanos,
        long helloHoldNanos,
        long resendNanos,
        long silentNanos,
        long resyncIntervalNanos,
        long nackServiceNanos) {
    /** What conntrackd takes off the MTU for IP and UDP, over IPv6 too. */
    public static final int HEADER_ESTIMATE = 28;

    private static final long SECOND = 1_000_000_000L;

    /** Checks every value; the message names the setting and its range. */
    public FtfwConfig {
        require(ackWindowSize >= 1, "ackWindowSize", ackWindowSize, "1 or more");
        require(
                resendQueueSize >= 16 && resendQueueSize <= 1 << 24,
                "resendQueueSize",
                resendQueueSize,
                "between 16 and 16777216");
        require(objectLimit >= 1 && objectLimit <= 1 << 28, "objectLimit", objectLimit, "between 1 and 268435456");
        require(
                datagramSize >= 128 && datagramSize <= 65_507,
                "datagramSize",
                datagramSize,
                "between 128 and 65507 octets (MTU - 28)");
        require(aliveNanos > 0, "aliveNanos", aliveNanos, "more than 0");
        require(helloHoldNanos >= 0, "helloHoldNanos", helloHoldNanos, "0 or more");
        require(resendNanos > 0, "resendNanos", resendNanos, "more than 0");
        require(silentNanos > 0, "silentNanos", silentNanos, "more than 0");
        require(resyncIntervalNanos >= 0, "resyncIntervalNanos", resyncIntervalNanos, "0 or more");
        require(nackServiceNanos > 0, "nackServiceNanos", nackServiceNanos, "more than 0");
    }

    /** The defaults of conntrackd for an Ethernet link, and our own for what it does not know. */
    public static FtfwConfig defaults() {
        return new FtfwConfig(
                300,
                131_072,
                1 << 24,
                1500 - HEADER_ESTIMATE,
                SECOND,
                3 * SECOND,
                2 * SECOND,
                5 * SECOND,
                10 * SECOND,
                2 * SECOND);
    }

    /** The same with another {@code ACKWindowSize}. */
    public FtfwConfig withAckWindowSize(int messages) {
        return new FtfwConfig(
                messages,
                resendQueueSize,
                objectLimit,
                datagramSize,
                aliveNanos,
                helloHoldNanos,
                resendNanos,
                silentNanos,
                resyncIntervalNanos,
                nackServiceNanos);
    }

    /** The same with another {@code ResendQueueSize}. */
    public FtfwConfig withResendQueueSize(int messages) {
        return new FtfwConfig(
                ackWindowSize,
                messages,
                objectLimit,
                datagramSize,
                aliveNanos,
                helloHoldNanos,
                resendNanos,
                silentNanos,
                resyncIntervalNanos,
                nackServiceNanos);
    }

    /** The same with another limit of tracked handles. */
    public FtfwConfig withObjectLimit(int handles) {
        return new FtfwConfig(
                ackWindowSize,
                resendQueueSize,
                handles,
                datagramSize,
                aliveNanos,
                helloHoldNanos,
                resendNanos,
                silentNanos,
                resyncIntervalNanos,
                nackServiceNanos);
    }

    /** The same for an interface of this MTU, as conntrackd computes the datagram's size. */
    public FtfwConfig withMtu(int mtu) {
        return new FtfwConfig(
                ackWindowSize,
                resendQueueSize,
                objectLimit,
                mtu - HEADER_ESTIMATE,
                aliveNanos,
                helloHoldNanos,
                resendNanos,
                silentNanos,
                resyncIntervalNanos,
                nackServiceNanos);
    }

    /** The same with another longest wait of objects for the handshake. */
    public FtfwConfig withHelloHold(long nanos) {
        return new FtfwConfig(
                ackWindowSize,
                resendQueueSize,
                objectLimit,
                datagramSize,
                aliveNanos,
                nanos,
                resendNanos,
                silentNanos,
                resyncIntervalNanos,
                nackServiceNanos);
    }

    /** The same with another least time between requests for a resync. */
    public FtfwConfig withResyncInterval(long nanos) {
        return new FtfwConfig(
                ackWindowSize,
                resendQueueSize,
                objectLimit,
                datagramSize,
                aliveNanos,
                helloHoldNanos,
                resendNanos,
                silentNanos,
                nanos,
                nackServiceNanos);
    }

    private static void require(boolean holds, String name, long value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be " + range);
        }
    }
}
