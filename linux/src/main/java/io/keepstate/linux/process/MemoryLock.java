// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.process;

import io.keepstate.linux.libc.CLibrary;

/** Keeps the process in memory, so that a failover never waits for swapped-out pages (mlockall(2)). */
public final class MemoryLock {
    private static final int MCL_CURRENT = 1;
    private static final int MCL_FUTURE = 2;

    private MemoryLock() {}

    /**
     * Locks all memory, present and future.
     *
     * @return 0, or the error number: ENOMEM or EPERM where RLIMIT_MEMLOCK is too small and CAP_IPC_LOCK is missing
     */
    public static int lockAll() {
        return CLibrary.libc().mlockall(MCL_CURRENT | MCL_FUTURE) == -1 ? CLibrary.errno() : 0;
    }

    /** Undoes {@link #lockAll}. */
    public static void unlockAll() {
        CLibrary.check("munlockall", CLibrary.libc().munlockall());
    }
}
