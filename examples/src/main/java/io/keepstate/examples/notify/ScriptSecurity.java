// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.notify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * keepalived's {@code enable_script_security}: what runs as root must not be changeable by anybody else, nor may any
 * directory on the way to it.
 */
public final class ScriptSecurity {
    private static final int GROUP_WRITE = 0020;
    private static final int OTHER_WRITE = 0002;
    private static final int STICKY = 01000;
    private static final int ROOT = 0;

    private ScriptSecurity() {}

    /**
     * Looks at a program.
     *
     * @return a sentence about what makes it unfit to be run as root; empty if nothing does
     */
    public static Optional<String> complaint(Path program) {
        try {
            Path real = program.toRealPath();
            for (Path part = real; part != null; part = part.getParent()) {
                Optional<String> found = complaint(program, part, part.equals(real));
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("script " + program + " is not run: it cannot be looked at (" + e.getMessage() + ")");
        }
    }

    private static Optional<String> complaint(Path program, Path part, boolean file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(part, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
        int owner = number(attributes, "uid");
        int group = number(attributes, "gid");
        int mode = number(attributes, "mode");
        // In a sticky directory others can add files but not replace this one.
        boolean others = (mode & OTHER_WRITE) != 0 && (file || (mode & STICKY) == 0);
        boolean members = (mode & GROUP_WRITE) != 0 && group != ROOT;
        if (owner == ROOT && !others && !members) {
            return Optional.empty();
        }
        String who = owner != ROOT
                ? "belongs to user " + owner
                : others ? "is writable by all" : "is writable by group " + group;
        return Optional.of(
                "script " + program + " is not run: enable_script_security is set, it would run as root, and " + part
                        + " " + who + "; make it root's alone, or give the script another user");
    }

    private static int number(Map<String, Object> attributes, String name) {
        return ((Number) attributes.getOrDefault(name, ROOT)).intValue();
    }
}
