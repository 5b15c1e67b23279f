// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.netty.buffer.ByteBuf;

/**
 * A classic BPF program that decides in the kernel what a socket gets to see.
 *
 * <p>Immutable. Source: {@code include/uapi/linux/filter.h}; one instruction is 8 octets: code, jump if true, jump if
 * false, operand.
 */
public final class SocketFilter {
    /** Most port numbers one filter can hold: jumps of classic BPF reach 255 instructions. */
    public static final int MAX_PORT_IDS = 250;

    static final int INSTRUCTION_BYTES = 8;

    private static final int LOAD_WORD_ABSOLUTE = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int ACCEPT = -1;
    private static final int DROP = 0;

    /** Offset of nlmsg_pid in {@code struct nlmsghdr}. */
    private static final int NLMSG_PID = 12;

    private final long[] program;

    private SocketFilter(long[] program) {
        this.program = program;
    }

    /** Lets nothing through: for sockets that only send, so that their receive queue stays empty. */
    public static SocketFilter dropAll() {
        return new SocketFilter(new long[] {instruction(RETURN, 0, 0, DROP)});
    }

    /**
     * Drops netlink messages which a request of one of these sockets caused ({@code nlmsg_pid}), for instance the events
     * of our own commits. Use it on event sockets only: the answers to a socket's own requests carry its number too.
     *
     * @param portIds port numbers as {@link NetlinkSocket#portId()} gives them, at most {@link #MAX_PORT_IDS}
     */
    public static SocketFilter dropNetlinkFrom(long... portIds) {
        if (portIds.length > MAX_PORT_IDS) {
            throw new IllegalArgumentException(portIds.length + " port ids; one filter holds at most " + MAX_PORT_IDS);
        }
        long[] program = new long[portIds.length + 3];
        program[0] = instruction(LOAD_WORD_ABSOLUTE, 0, 0, NLMSG_PID);
        for (int i = 0; i < portIds.length; i++) {
            // BPF loads big endian, netlink headers are in host order (little endian): compare with the swapped number.
            int swapped = Integer.reverseBytes((int) portIds[i]);
            program[i + 1] = instruction(JUMP_IF_EQUAL, portIds.length - i, 0, swapped);
        }
        program[portIds.length + 1] = instruction(RETURN, 0, 0, ACCEPT);
        program[portIds.length + 2] = instruction(RETURN, 0, 0, DROP);
        return new SocketFilter(program);
    }

    int length() {
        return program.length;
    }

    void write(ByteBuf out, int at) {
        for (int i = 0; i < program.length; i++) {
            out.setLongLE(at + i * INSTRUCTION_BYTES, program[i]);
        }
    }

    private static long instruction(int code, int ifTrue, int ifFalse, int operand) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (operand & 0xffffffffL) << 32;
    }
}
