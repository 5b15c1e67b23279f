// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a classic BPF program instruction by instruction: an accumulator, an index register and 16 memory words.
 *
 * <p>Numbers are loaded big endian, as they stand in network order. Jumps go forward to labels, any distance. A load
 * beyond the packet's end drops the packet. Source: {@code include/uapi/linux/filter.h}, {@code bpf_common.h};
 * net/core/filter.c for the netlink extensions.
 *
 * <p>For one program; not thread-safe.
 */
public final class FilterAssembler {
    /** BPF_MAXINSNS: the kernel takes no longer program. */
    public static final int MAX_INSTRUCTIONS = 4096;

    private static final int LOAD_WORD_ABSOLUTE = 0x20;
    private static final int LOAD_BYTE_ABSOLUTE = 0x30;
    private static final int LOAD_WORD_INDIRECT = 0x40;
    private static final int LOAD_BYTE_INDIRECT = 0x50;
    private static final int LOAD_IMMEDIATE = 0x00;
    private static final int LOAD_MEMORY = 0x60;
    private static final int LOAD_INDEX_IMMEDIATE = 0x01;
    private static final int STORE = 0x02;
    private static final int AND = 0x54;
    private static final int JUMP = 0x05;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int COPY_TO_INDEX = 0x07;

    /** SKF_AD_OFF + SKF_AD_NLATTR, SKF_AD_OFF + SKF_AD_NLATTR_NEST. */
    private static final int FIND_ATTRIBUTE = -0x1000 + 12;

    private static final int FIND_NESTED = -0x1000 + 16;

    private static final int ACCEPT = -1;
    private static final int DROP = 0;

    private long[] program = new long[64];
    private int length;
    private final List<Jump> jumps = new ArrayList<>();

    /** A place in the program that jumps may name before it is known. */
    public static final class Label {
        private int at = -1;

        private Label() {}
    }

    private record Jump(int from, Label to) {}

    /** A place not known yet. */
    public Label label() {
        return new Label();
    }

    /** The label is here. */
    public FilterAssembler bind(Label label) {
        label.at = length;
        return this;
    }

    /** Accumulator = the octet at an offset of the packet. */
    public FilterAssembler loadByte(int offset) {
        return add(LOAD_BYTE_ABSOLUTE, 0, 0, offset);
    }

    /** Accumulator = the four octets at an offset of the packet. */
    public FilterAssembler loadWord(int offset) {
        return add(LOAD_WORD_ABSOLUTE, 0, 0, offset);
    }

    /** Accumulator = the octet at the index register plus an offset. */
    public FilterAssembler loadByteAtIndex(int offset) {
        return add(LOAD_BYTE_INDIRECT, 0, 0, offset);
    }

    /** Accumulator = the four octets at the index register plus an offset. */
    public FilterAssembler loadWordAtIndex(int offset) {
        return add(LOAD_WORD_INDIRECT, 0, 0, offset);
    }

    /** Accumulator = a number. */
    public FilterAssembler load(int value) {
        return add(LOAD_IMMEDIATE, 0, 0, value);
    }

    /** Accumulator = memory word 0..15. */
    public FilterAssembler loadMemory(int word) {
        return add(LOAD_MEMORY, 0, 0, word);
    }

    /** Memory word 0..15 = accumulator. */
    public FilterAssembler store(int word) {
        return add(STORE, 0, 0, word);
    }

    /** Index register = accumulator. */
    public FilterAssembler copyToIndex() {
        return add(COPY_TO_INDEX, 0, 0, 0);
    }

    /** Accumulator &= mask. */
    public FilterAssembler and(int mask) {
        return add(AND, 0, 0, mask);
    }

    /**
     * Accumulator = offset of the first netlink attribute of this type in the chain that begins at the accumulator, 0 if
     * there is none. The index register is used up.
     */
    public FilterAssembler findAttribute(int type) {
        return add(LOAD_INDEX_IMMEDIATE, 0, 0, type).add(LOAD_WORD_ABSOLUTE, 0, 0, FIND_ATTRIBUTE);
    }

    /** As {@link #findAttribute}, inside the attribute at the accumulator. */
    public FilterAssembler findNested(int type) {
        return add(LOAD_INDEX_IMMEDIATE, 0, 0, type).add(LOAD_WORD_ABSOLUTE, 0, 0, FIND_NESTED);
    }

    /** Goes to a label if the accumulator is this number. */
    public FilterAssembler jumpIfEqual(int value, Label to) {
        // Conditional jumps reach 255 instructions, plain ones everything: so the condition skips a plain one.
        return add(JUMP_IF_EQUAL, 0, 1, value).jump(to);
    }

    /** Goes to a label unless the accumulator is this number. */
    public FilterAssembler jumpUnlessEqual(int value, Label to) {
        return add(JUMP_IF_EQUAL, 1, 0, value).jump(to);
    }

    /** Goes to a label. */
    public FilterAssembler jump(Label to) {
        jumps.add(new Jump(length, to));
        return add(JUMP, 0, 0, 0);
    }

    /** Hands the packet to the socket. */
    public FilterAssembler accept() {
        return add(RETURN, 0, 0, ACCEPT);
    }

    /** Drops the packet. */
    public FilterAssembler drop() {
        return add(RETURN, 0, 0, DROP);
    }

    /** Instructions so far. */
    public int length() {
        return length;
    }

    /**
     * The program.
     *
     * @throws IllegalStateException when it is longer than {@link #MAX_INSTRUCTIONS}, or a jump goes nowhere or back
     */
    public SocketFilter build() {
        if (length > MAX_INSTRUCTIONS) {
            throw new IllegalStateException(
                    length + " instructions; the kernel takes at most " + MAX_INSTRUCTIONS + " in one socket filter");
        }
        for (Jump jump : jumps) {
            int distance = jump.to.at - jump.from - 1;
            if (distance < 0) {
                throw new IllegalStateException("jump at instruction " + jump.from + " goes nowhere, or back");
            }
            program[jump.from] = SocketFilter.instruction(JUMP, 0, 0, distance);
        }
        return new SocketFilter(Arrays.copyOf(program, length));
    }

    private FilterAssembler add(int code, int ifTrue, int ifFalse, int operand) {
        if (length == program.length) {
            program = Arrays.copyOf(program, length * 2);
        }
        program[length++] = SocketFilter.instruction(code, ifTrue, ifFalse, operand);
        return this;
    }
}
