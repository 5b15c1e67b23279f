// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.netty.buffer.ByteBuf;

/** Takes datagrams whose source does not matter, such as netlink messages. */
@FunctionalInterface
public interface DatagramHandler {
    /**
     * One datagram.
     *
     * @param datagram a view of the socket's memory, valid during this call only; copy what must stay
     */
    void onDatagram(ByteBuf datagram);
}
