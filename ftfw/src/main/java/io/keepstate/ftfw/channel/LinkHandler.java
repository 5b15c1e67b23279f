// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.netty.buffer.ByteBuf;

/** Takes what arrived on any of several links. */
@FunctionalInterface
public interface LinkHandler {
    /** As {@link DatagramHandler#onDatagram}, with the index of the link it came by. */
    boolean onDatagram(ByteBuf datagram, int link, long sourceHigh, long sourceLow, int sourcePort, long nowNanos);
}
