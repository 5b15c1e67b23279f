// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.netty.buffer.ByteBuf;

/** Takes what arrived on a link. */
@FunctionalInterface
public interface DatagramHandler {
    /**
     * Messages that came together: a datagram, or what a stream held.
     *
     * @param datagram from reader index to writer index; the buffer is valid during the call only
     * @param sourceHigh upper half of the sender's address, as in {@link io.keepstate.linux.socket.Endpoint}
     * @param sourceLow lower half of the sender's address; for IPv4 the address
     * @param sourcePort the sender's port: another one from the same address is another socket, so another process or,
     *     over TCP, another connection
     * @param nowNanos the loop's time
     * @return whether there was a valid message among them, in its place in the stream: such a message makes its link the
     *     one to be used
     */
    boolean onDatagram(ByteBuf datagram, long sourceHigh, long sourceLow, int sourcePort, long nowNanos);
}
