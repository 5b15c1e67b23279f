// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.linux.socket.DatagramHandler;
import io.keepstate.linux.socket.NetlinkSocket;
import io.netty.buffer.ByteBuf;

/** What a pipeline needs of a netlink socket. The kernel handles a request before {@link #send} returns. */
interface CommandChannel {
    /** The length sent, or a negative error number. */
    int send(ByteBuf messages);

    /** The number of datagrams handed over, or {@link NetlinkSocket#OVERRUN}. */
    int receive(DatagramHandler handler, int budget);

    static CommandChannel over(NetlinkSocket socket) {
        return new CommandChannel() {
            @Override
            public int send(ByteBuf messages) {
                return socket.send(messages);
            }

            @Override
            public int receive(DatagramHandler handler, int budget) {
                return socket.receive(handler, budget);
            }
        };
    }
}
