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
    private static final int LOAD_HALF_ABSOLUTE = 0x28;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int ACCEPT = -1;
    private static final int DROP = 0;

    /** Offset of nlmsg_type in {@code struct nlmsghdr}, 16 bits. */
    private static final int NLMSG_TYPE = 4;

    /** Offset of nlmsg_pid in {@code struct nlmsghdr}. */
    private static final int NLMSG_PID = 12;

    private final long[] program;

    SocketFilter(long[] program) {
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
        return new SocketFilter(compare(NLMSG_PID, swapped(portIds), ACCEPT, DROP, 0));
    }

    /** Drops netlink messages of one type ({@code nlmsg_type}) which a request of one of these sockets caused. */
    public static SocketFilter dropNetlink(int type, long... portIds) {
        long[] program = compare(NLMSG_PID, swapped(portIds), ACCEPT, DROP, 2);
        int toAccept = portIds.length + 1;
        program[0] = instruction(LOAD_HALF_ABSOLUTE, 0, 0, NLMSG_TYPE);
        program[1] = instruction(JUMP_IF_EQUAL, 0, toAccept, swappedHalf(type));
        return new SocketFilter(program);
    }

    /** Lets only netlink messages of these types ({@code nlmsg_type}) through. */
    public static SocketFilter onlyNetlinkTypes(int... types) {
        int[] swapped = new int[types.length];
        for (int i = 0; i < types.length; i++) {
            swapped[i] = swappedHalf(types[i]);
        }
        long[] program = compare(NLMSG_TYPE, swapped, DROP, ACCEPT, 0);
        program[0] = instruction(LOAD_HALF_ABSOLUTE, 0, 0, NLMSG_TYPE);
        return new SocketFilter(program);
    }

    // BPF loads big endian, netlink headers are in host order (little endian): compare with the swapped number.

    private static int[] swapped(long[] words) {
        int[] swapped = new int[words.length];
        for (int i = 0; i < words.length; i++) {
            swapped[i] = Integer.reverseBytes((int) words[i]);
        }
        return swapped;
    }

    private static int swappedHalf(int value) {
        return Short.toUnsignedInt(Short.reverseBytes((short) value));
    }

    /** Compares the word at an offset, behind some free instructions: unequal to all operands, or equal to one. */
    private static long[] compare(int offset, int[] operands, int unequal, int equal, int from) {
        int count = operands.length;
        if (count > MAX_PORT_IDS) {
            throw new IllegalArgumentException(count + " port ids; one filter holds at most " + MAX_PORT_IDS);
        }
        long[] program = new long[from + count + 3];
        program[from] = instruction(LOAD_WORD_ABSOLUTE, 0, 0, offset);
        for (int i = 0; i < count; i++) {
            program[from + i + 1] = instruction(JUMP_IF_EQUAL, count - i, 0, operands[i]);
        }
        program[from + count + 1] = instruction(RETURN, 0, 0, unequal);
        program[from + count + 2] = instruction(RETURN, 0, 0, equal);
        return program;
    }

    /** The program, for whoever wants to look at it or run it elsewhere: code, jumps and operand in one word each. */
    public long[] instructions() {
        return program.clone();
    }

    int length() {
        return program.length;
    }

    void write(ByteBuf out, int at) {
        for (int i = 0; i < program.length; i++) {
            out.setLongLE(at + i * INSTRUCTION_BYTES, program[i]);
        }
    }

    static long instruction(int code, int ifTrue, int ifFalse, int operand) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (operand & 0xffffffffL) << 32;
    }
}
