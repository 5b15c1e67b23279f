// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.process;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;

/** The directory that paths of the whole process begin at, and that keeps its file system in use (chdir(2)). */
public final class WorkingDirectory {
    private WorkingDirectory() {}

    /**
     * Changes it to {@code /}, as a daemon does that shall not keep a file system from being unmounted. Relative paths
     * mean something else from now on: the caller has made absolute what it still needs.
     */
    public static void leave() {
        ByteBuf root = NativeMemory.cString("/");
        try {
            CLibrary.check("chdir(/)", CLibrary.libc().chdir(root.memoryAddress()));
        } finally {
            root.release();
        }
    }
}
