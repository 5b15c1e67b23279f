// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process's standard output. Ends the process when the reader of a pipe is gone, as SIGPIPE ends a C program: without it
 * {@code conntrack -E | head} never ends. Writing to a full disk or a closed descriptor fails as any stream does.
 */
final class StandardOutput extends OutputStream {
    /** What a shell says of a process that SIGPIPE ended. */
    private static final int SIGPIPE = 128 + 13;

    private static final Path OUTPUT = Path.of("/proc/self/fd/1");

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        try {
            out.write(octets, offset, length);
        } catch (IOException e) {
            endWithoutReader();
            throw e;
        }
    }

    private static void endWithoutReader() throws IOException {
        // No exception tells EPIPE from other errors; a pipe has no other.
        String to =
                Files.isSymbolicLink(OUTPUT) ? Files.readSymbolicLink(OUTPUT).toString() : "";
        if (to.startsWith("pipe:") || to.startsWith("socket:")) {
            Runtime.getRuntime().halt(SIGPIPE);
        }
    }
}
