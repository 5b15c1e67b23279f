// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.netty.buffer.ByteBuf;

/** Takes what arrived on a link. */
@FunctionalInterface
public interface DatagramHandler {
    /** One datagram, from reader index to writer index; the buffer is valid during the call only. */
    void onDatagram(ByteBuf datagram);
}
