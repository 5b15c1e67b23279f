// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;

/** Where datagrams leave. */
@FunctionalInterface
public interface DatagramSink {
    /**
     * Sends the octets from reader index to writer index. The buffer is the session's own: not to be kept, released or
     * moved.
     *
     * @return false if it cannot be taken now (the socket's buffer is full): the session keeps it and offers it again.
     *     True once it left or was lost for good; the protocol repairs what is lost.
     */
    boolean send(ByteBuf datagram);
}
