// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;

/** The {@code struct msghdr} of an IPv6 packet sent with IPV6_PKTINFO, laid out once and reused. */
final class RawSendMessage implements AutoCloseable {
    static final int HEADER = 0;

    private static final int HEADER_BYTES = 56;
    private static final int IOVEC = HEADER_BYTES;
    private static final int NAME = IOVEC + 16;
    private static final int CONTROL = NAME + SocketAddresses.BYTES;
    /** CMSG_SPACE(20) */
    private static final int CONTROL_BYTES = 40;

    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_PKTINFO = 50;

    private final ByteBuf memory = NativeMemory.allocate(CONTROL + CONTROL_BYTES);

    RawSendMessage() {
        long base = memory.memoryAddress();
        memory.setLongLE(0, base + NAME);
        memory.setLongLE(16, base + IOVEC);
        memory.setLongLE(24, 1);
        memory.setLongLE(32, base + CONTROL);
        memory.setLongLE(40, CONTROL_BYTES);
        // CMSG_LEN(20)
        memory.setLongLE(CONTROL, 36);
        memory.setIntLE(CONTROL + 8, IPPROTO_IPV6);
        memory.setIntLE(CONTROL + 12, IPV6_PKTINFO);
    }

    ByteBuf lay(ByteBuf packet, Endpoint to, Endpoint from) {
        memory.setIntLE(8, SocketAddresses.put(memory, NAME, to));
        memory.setShort(NAME + 2, 0);
        memory.setLongLE(IOVEC, NativeMemory.readableAddress(packet));
        memory.setLongLE(IOVEC + 8, packet.readableBytes());
        memory.setLong(CONTROL + 16, from.high());
        memory.setLong(CONTROL + 24, from.low());
        memory.setIntLE(CONTROL + 32, from.scope());
        return memory;
    }

    @Override
    public void close() {
        if (memory.refCnt() > 0) {
            memory.release();
        }
    }
}
