// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.libc;

/** The C library cannot be called here: one sentence that says why, and what to do about it. */
public final class NativeUnavailableException extends UnsupportedOperationException {
    private static final long serialVersionUID = 1L;

    NativeUnavailableException(LinkageError cause) {
        super(sentence(cause), cause);
    }

    private static String sentence(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String why = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        return "the C library cannot be called (" + why + "): the binding must be unpacked into a directory that is"
                + " writable, has room and allows execution; name one with -Djffi.extract.dir=DIR";
    }
}
