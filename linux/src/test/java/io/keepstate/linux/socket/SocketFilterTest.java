// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class SocketFilterTest {
    @Test
    void dropsTheListedPortIdsAndNoOthers() {
        SocketFilter filter = SocketFilter.dropNetlinkFrom(4711, 0xfffff123L);
        assertThat(accepts(filter, 4711)).isFalse();
        assertThat(accepts(filter, 0xfffff123L)).isFalse();
        assertThat(accepts(filter, 0)).isTrue();
        assertThat(accepts(filter, 4712)).isTrue();
        // 4711 with its octets swapped: the comparison must not confuse the two orders.
        assertThat(accepts(filter, Integer.toUnsignedLong(Integer.reverseBytes(4711))))
                .isTrue();
    }

    @Test
    void largestFilterReachesItsEnd() {
        long[] portIds = new long[SocketFilter.MAX_PORT_IDS];
        for (int i = 0; i < portIds.length; i++) {
            portIds[i] = i + 1;
        }
        SocketFilter filter = SocketFilter.dropNetlinkFrom(portIds);
        assertThat(accepts(filter, 1)).isFalse();
        assertThat(accepts(filter, portIds.length)).isFalse();
        assertThat(accepts(filter, portIds.length + 1)).isTrue();
        assertThatThrownBy(() -> SocketFilter.dropNetlinkFrom(new long[SocketFilter.MAX_PORT_IDS + 1]))
                .hasMessageContaining("251");
    }

    @Test
    void filterOfASenderAcceptsNothing() {
        assertThat(accepts(SocketFilter.dropAll(), 0)).isFalse();
    }

    /** Runs the program as the kernel would, on a netlink header with this nlmsg_pid. */
    private static boolean accepts(SocketFilter filter, long portId) {
        ByteBuf program = Unpooled.buffer(filter.length() * SocketFilter.INSTRUCTION_BYTES);
        filter.write(program, 0);
        ByteBuf packet = Unpooled.buffer(16).writeZero(12).writeIntLE((int) portId);
        int accumulator = 0;
        for (int at = 0; ; at++) {
            int offset = at * SocketFilter.INSTRUCTION_BYTES;
            int code = program.getUnsignedShortLE(offset);
            int operand = program.getIntLE(offset + 4);
            switch (code) {
                case 0x20 -> accumulator = packet.getInt(operand);
                case 0x15 -> at += program.getUnsignedByte(offset + (accumulator == operand ? 2 : 3));
                case 0x06 -> {
                    return operand != 0;
                }
                default -> throw new AssertionError("unknown instruction " + code);
            }
        }
    }
}
