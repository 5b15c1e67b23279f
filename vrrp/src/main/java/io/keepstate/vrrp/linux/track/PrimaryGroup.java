// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The number of a local user's primary group, from /etc/passwd (passwd(5)). */
public final class PrimaryGroup {
    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final int GROUP_FIELD = 3;

    private PrimaryGroup() {}

    /**
     * Empty for a user that is not in the file.
     *
     * @throws IOException if there is no such file
     */
    public static Optional<String> of(String user) throws IOException {
        return find(Files.readAllLines(PASSWD, StandardCharsets.ISO_8859_1), user);
    }

    static Optional<String> find(List<String> lines, String user) {
        for (String line : lines) {
            String[] fields = line.split(":", -1);
            if (fields.length > GROUP_FIELD && fields[0].equals(user)) {
                return Optional.of(fields[GROUP_FIELD]);
            }
        }
        return Optional.empty();
    }
}
