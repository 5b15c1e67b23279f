// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.process;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;

/** Sends signals (kill(2)), also to whole process groups, which the JDK cannot. */
public final class Signals {
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;

    private Signals() {}

    /**
     * Signals every process of a group.
     *
     * @param group number of the group, which is the number of the process that leads it; greater than 1
     * @return false if there is no such group any more
     * @throws LinuxException EPERM if none of its processes may be signalled
     */
    public static boolean sendToGroup(int group, int signal) {
        if (group <= 1) {
            throw new IllegalArgumentException("process group " + group + " is not one of ours");
        }
        if (CLibrary.libc().kill(-group, signal) == -1) {
            int errno = CLibrary.errno();
            if (errno == Errno.ESRCH) {
                return false;
            }
            throw new LinuxException("kill(-" + group + ", " + signal + ")", errno);
        }
        return true;
    }
}
