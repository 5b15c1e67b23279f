// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Names and numbers of the interfaces in the calling thread's network namespace. */
public final class NetworkInterfaces {
    /** IFNAMSIZ - 1, {@code include/uapi/linux/if.h}. */
    public static final int MAX_NAME_BYTES = 15;

    private NetworkInterfaces() {}

    /** The interface's number, or 0 if there is none of that name (now). */
    public static int find(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            return 0;
        }
        ByteBuf text = NativeMemory.cString(name);
        try {
            int index = CLibrary.libc().if_nametoindex(text.memoryAddress());
            int errno = index == 0 ? CLibrary.errno() : 0;
            if (errno != 0 && errno != Errno.ENODEV && errno != Errno.ENXIO) {
                throw new LinuxException("if_nametoindex", errno, name);
            }
            return index;
        } finally {
            text.release();
        }
    }

    /**
     * The interface's number.
     *
     * @throws LinuxException ENODEV if there is none of that name
     */
    public static int index(String name) {
        int index = find(name);
        if (index == 0) {
            throw new LinuxException("if_nametoindex", Errno.ENODEV, "no interface '" + name + "' in this namespace");
        }
        return index;
    }
}
