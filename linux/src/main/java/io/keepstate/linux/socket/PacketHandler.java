// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.netty.buffer.ByteBuf;

/** Takes link-layer frames. */
@FunctionalInterface
public interface PacketHandler {
    /**
     * One frame.
     *
     * @param frame a view of the socket's memory, valid during this call only, from the destination MAC on
     * @param interfaceIndex the interface it was seen on
     * @param outgoing whether this machine sent it (PACKET_OUTGOING)
     */
    void onFrame(ByteBuf frame, int interfaceIndex, boolean outgoing);
}
