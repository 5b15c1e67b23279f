// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Runs a command as if the kernel had been built without netfilter's netlink: a system call filter, which children
 * inherit, answers {@code socket(AF_NETLINK, ..., NETLINK_NETFILTER)} with EPROTONOSUPPORT. No other way shows that
 * kernel to a daemon on a machine that has another.
 *
 * <p>Source: seccomp(2), {@code include/uapi/linux/seccomp.h}, {@code include/uapi/linux/filter.h}.
 */
public final class WithoutNetfilterNetlink {
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_MODE_FILTER = 2;

    /** Offsets in {@code struct seccomp_data}: the call's number, then six arguments of 8 octets from 16 on. */
    private static final int CALL = 0;

    private static final int DOMAIN = 16;
    private static final int PROTOCOL = 32;

    private static final int AF_NETLINK = 16;
    private static final int NETLINK_NETFILTER = 12;
    private static final int EPROTONOSUPPORT = 93;
    private static final int RETURN_ERROR = 0x00050000;
    private static final int RETURN_ALLOW = 0x7fff0000;

    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;

    private WithoutNetfilterNetlink() {}

    /** The one call this program makes; public because jnr-ffi implements it in another package. */
    public interface Prctl {
        /** prctl(2). */
        int prctl(int option, long first, long second, long third, long fourth);
    }

    /** The command that runs another one so. */
    static List<String> wrapper() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WithoutNetfilterNetlink.class.getName());
    }

    /** Runs its arguments as a command; its exit code is the command's. */
    public static void main(String[] command) throws Exception {
        filterThisThread();
        List<String> words = new ArrayList<>(List.of(command));
        System.exit(new ProcessBuilder(words).inheritIO().start().waitFor());
    }

    private static void filterThisThread() {
        Prctl libc = LibraryLoader.create(Prctl.class).load("c");
        Runtime runtime = Runtime.getRuntime(libc);
        int socketCall = System.getProperty("os.arch").equals("amd64") ? 41 : 198;
        long[] program = {
            instruction(LOAD_WORD, 0, 0, CALL),
            instruction(JUMP_IF_EQUAL, 0, 5, socketCall),
            instruction(LOAD_WORD, 0, 0, DOMAIN),
            instruction(JUMP_IF_EQUAL, 0, 3, AF_NETLINK),
            instruction(LOAD_WORD, 0, 0, PROTOCOL),
            instruction(JUMP_IF_EQUAL, 0, 1, NETLINK_NETFILTER),
            instruction(RETURN, 0, 0, RETURN_ERROR | EPROTONOSUPPORT),
            instruction(RETURN, 0, 0, RETURN_ALLOW),
        };
        Pointer instructions = Memory.allocateDirect(runtime, program.length * Long.BYTES);
        instructions.put(0, program, 0, program.length);
        Pointer description = Memory.allocateDirect(runtime, 2 * Long.BYTES);
        description.putShort(0, (short) program.length);
        description.putLong(Long.BYTES, instructions.address());
        check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        check(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, description.address(), 0, 0));
    }

    private static void check(int result) {
        if (result != 0) {
            throw new IllegalStateException("the kernel refuses a system call filter");
        }
    }

    private static long instruction(int code, int ifTrue, int ifFalse, int operand) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (operand & 0xffffffffL) << 32;
    }
}
