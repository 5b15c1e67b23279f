// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.netty.buffer.ByteBuf;

/** Sends datagrams to the peer. */
@FunctionalInterface
public interface DatagramSink {
    /**
     * Sends the readable octets as one datagram. The buffer stays the caller's and may be reused after the call.
     *
     * @return false when it could not be sent (counted by the sink); the session repairs the loss
     */
    boolean send(ByteBuf datagram);
}
