// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.linux.socket.SocketFilter;
import io.netty.buffer.ByteBuf;

/** Runs a classic BPF program as the kernel would (net/core/filter.c), with its two netlink extensions. */
final class SocketFilterInterpreter {
    private static final int FIND_ATTRIBUTE = -0x1000 + 12;
    private static final int FIND_NESTED = -0x1000 + 16;

    private final ByteBuf packet;
    private final int[] memory = new int[16];
    private int accumulator;
    private int index;

    private SocketFilterInterpreter(ByteBuf packet) {
        this.packet = packet;
    }

    /** Whether the program lets the packet through. */
    static boolean accepts(SocketFilter filter, ByteBuf packet) {
        return new SocketFilterInterpreter(packet).run(filter.instructions());
    }

    private boolean run(long[] program) {
        for (int at = 0; ; at++) {
            int code = (int) (program[at] & 0xffff);
            int operand = (int) (program[at] >>> 32);
            switch (code) {
                case 0x00 -> accumulator = operand;
                case 0x01 -> index = operand;
                case 0x02 -> memory[operand] = accumulator;
                case 0x60 -> accumulator = memory[operand];
                case 0x07 -> index = accumulator;
                case 0x54 -> accumulator &= operand;
                case 0x05 -> at += operand;
                case 0x15 -> at += (int) (program[at] >>> (accumulator == operand ? 16 : 24) & 0xff);
                case 0x06 -> {
                    return operand != 0;
                }
                case 0x20, 0x30, 0x40, 0x50 -> {
                    if (!load(code, operand)) {
                        return false;
                    }
                }
                default -> throw new AssertionError("unknown instruction " + Integer.toHexString(code));
            }
        }
    }

    private boolean load(int code, int operand) {
        if (code == 0x20 && operand == FIND_ATTRIBUTE) {
            accumulator = find(accumulator, packet.writerIndex());
            return true;
        }
        if (code == 0x20 && operand == FIND_NESTED) {
            accumulator = find(accumulator + 4, accumulator + packet.getUnsignedShortLE(accumulator));
            return true;
        }
        int offset = operand + (code >= 0x40 ? index : 0);
        boolean octet = (code & 0x10) != 0;
        if (offset < 0 || offset + (octet ? 1 : 4) > packet.writerIndex()) {
            return false;
        }
        accumulator = octet ? packet.getUnsignedByte(offset) : packet.getInt(offset);
        return true;
    }

    /** nla_find: the type without its flags. */
    private int find(int from, int to) {
        for (int at = from; at + 4 <= to; ) {
            int length = packet.getUnsignedShortLE(at);
            if (length < 4 || at + length > to) {
                return 0;
            }
            if ((packet.getUnsignedShortLE(at + 2) & 0x3fff) == index) {
                return at;
            }
            at += length + 3 & ~3;
        }
        return 0;
    }
}
