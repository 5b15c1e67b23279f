// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.process;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LibC;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;

/**
 * Scheduling policy and nice value of single threads.
 *
 * <p>Real-time policies are set with SCHED_RESET_ON_FORK, so that scripts started from a real-time thread do not inherit
 * it. A refusal for lack of privilege is an answer, not an exception. Source: sched(7).
 */
public final class Scheduling {
    private static final int SCHED_RESET_ON_FORK = 0x40000000;
    private static final int PRIO_PROCESS = 0;

    private Scheduling() {}

    /** Policies with the numbers of {@code include/uapi/linux/sched.h}. */
    public enum Policy {
        OTHER(0),
        FIFO(1),
        RR(2);

        private final int number;

        Policy(int number) {
            this.number = number;
        }
    }

    /** The calling thread's number (gettid(2)). */
    public static int threadId() {
        return CLibrary.libc().gettid();
    }

    /**
     * Sets a thread's policy.
     *
     * @param tid the thread, 0 for the calling one
     * @param priority 1 (lowest) to 99 for FIFO and RR, 0 for OTHER
     * @return whether the kernel allowed it: it refuses without CAP_SYS_NICE or RLIMIT_RTPRIO, and for a thread that has
     *     ended
     */
    public static boolean setPolicy(int tid, Policy policy, int priority) {
        int flags = policy == Policy.OTHER ? 0 : SCHED_RESET_ON_FORK;
        LibC libc = CLibrary.libc();
        ByteBuf parameter = NativeMemory.allocate(Integer.BYTES).setIntLE(0, priority);
        try {
            int result = libc.sched_setscheduler(tid, policy.number | flags, parameter.memoryAddress());
            return allowed("sched_setscheduler(" + policy + ", " + priority + ")", result);
        } finally {
            parameter.release();
        }
    }

    /** A thread's policy; 0 is the calling thread. */
    public static Policy policy(int tid) {
        int number = CLibrary.check("sched_getscheduler", CLibrary.libc().sched_getscheduler(tid));
        for (Policy policy : Policy.values()) {
            if (policy.number == (number & ~SCHED_RESET_ON_FORK)) {
                return policy;
            }
        }
        throw new LinuxException("sched_getscheduler", Errno.EINVAL, "unknown policy " + number);
    }

    /**
     * Sets a thread's nice value.
     *
     * @param tid the thread, 0 for the calling one
     * @param nice -20 (most favoured) to 19
     * @return whether the kernel allowed it; false also for a thread that has ended
     */
    public static boolean setNice(int tid, int nice) {
        int result = CLibrary.libc().setpriority(PRIO_PROCESS, tid, nice);
        return allowed("setpriority(" + nice + ")", result);
    }

    private static boolean allowed(String call, int result) {
        int errno = result == -1 ? CLibrary.errno() : 0;
        if (errno != 0 && errno != Errno.EPERM && errno != Errno.EACCES && errno != Errno.ESRCH) {
            throw new LinuxException(call, errno);
        }
        return errno == 0;
    }
}
