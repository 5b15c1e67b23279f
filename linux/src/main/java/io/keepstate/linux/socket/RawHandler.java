// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.netty.buffer.ByteBuf;

/** Takes raw IP packets. */
@FunctionalInterface
public interface RawHandler {
    /**
     * One packet.
     *
     * @param packet a view of the socket's memory, valid during this call only: with its IP header over IPv4, without
     *     over IPv6
     * @param source where it came from, a view valid during this call only
     */
    void onPacket(ByteBuf packet, PacketInfo source);
}
