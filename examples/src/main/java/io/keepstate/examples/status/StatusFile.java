// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;

/**
 * Writes a file so that whoever reads it finds the old one or the new one, never half of one: under another name first,
 * then renamed. Readable by its owner only, since passwords may be in it. A symbolic link of the file's name is
 * replaced, not followed: the default directory is open to all.
 */
public final class StatusFile {
    private StatusFile() {}

    /**
     * Writes the file.
     *
     * @throws IOException with a sentence for the operator
     */
    public static void write(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.deleteIfExists(temporary);
            try (var channel = Files.newByteChannel(
                    temporary,
                    EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw new IOException(
                    file + " cannot be written (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "): check that its directory exists and may be written to",
                    e);
        }
    }
}
