// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.libc;

import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * Loads the C library on first use, so that classes which merely mention this package never load native code.
 *
 * <p>Thread-safe; {@link #errno()} belongs to the calling thread.
 */
public final class CLibrary {
    private CLibrary() {}

    /**
     * The C library.
     *
     * @throws UnsupportedOperationException on a platform whose structure layouts this module does not know, and as
     *     {@link NativeUnavailableException} where the binding cannot be loaded
     */
    public static LibC libc() {
        try {
            return Holder.LIBC;
        } catch (LinkageError e) {
            throw new NativeUnavailableException(e);
        }
    }

    /** Why the calling thread's last call returned -1. Read it straight after the call, before anything else. */
    public static int errno() {
        return LastError.getLastError(Holder.RUNTIME);
    }

    /**
     * Passes a result through, or throws when it is -1.
     *
     * @param call the call's name, as it shall appear in the message
     */
    public static int check(String call, int result) {
        if (result == -1) {
            throw new LinuxException(call, errno());
        }
        return result;
    }

    /** As {@link #check(String, int)}, with what the call was about: a name, an address, a needed capability. */
    public static int check(String call, int result, String detail) {
        if (result == -1) {
            throw new LinuxException(call, errno(), detail);
        }
        return result;
    }

    private static final class Holder {
        static final LibC LIBC;
        static final Runtime RUNTIME;

        static {
            Platform.require();
            LIBC = LibraryLoader.create(LibC.class).load("c");
            RUNTIME = Runtime.getRuntime(LIBC);
        }
    }
}
