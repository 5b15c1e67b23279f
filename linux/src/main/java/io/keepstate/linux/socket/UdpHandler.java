// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.netty.buffer.ByteBuf;

/** Takes UDP datagrams with their source. */
@FunctionalInterface
public interface UdpHandler {
    /**
     * One datagram.
     *
     * @param payload a view of the socket's memory, valid during this call only
     * @param sourceHigh upper half of the source address, as in {@link Endpoint}
     * @param sourceLow lower half of the source address
     * @param sourcePort source port
     * @param scope the interface a link-local IPv6 source belongs to, else 0
     */
    void onDatagram(ByteBuf payload, long sourceHigh, long sourceLow, int sourcePort, int scope);
}
