// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Kinds of files that are neither regular nor directories, with their bits of a mode as inode(7) has them. */
public enum SpecialFile {
    /** S_IFSOCK: a Unix socket. */
    SOCKET(0140000),
    /** S_IFIFO: a named pipe. */
    NAMED_PIPE(0010000);

    /** S_IFMT. */
    private static final int TYPE = 0170000;

    private final int bits;

    SpecialFile(int bits) {
        this.bits = bits;
    }

    /**
     * Whether there is a file of this kind at the path. A link is none: {@code /dev/stdout} may well lead to a pipe.
     *
     * @throws IOException if it cannot be looked at
     */
    public boolean isAt(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && ((Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & TYPE) == bits;
    }
}
