// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The launcher of a daemon in the background: it passes on what the daemon says on descriptor 3 until a line is an exit
 * code and what to say with it, and ends with that. Nothing is said if the daemon runs in the foreground.
 */
public final class WaitingLauncher {
    private static final Path PIPE = Path.of("/proc/self/fd/3");

    private WaitingLauncher() {}

    /** Whether there is one: it tells so by a system property. */
    public static boolean waits() {
        return Boolean.getBoolean("keepstate.detached");
    }

    /** A line on its error stream; it goes on waiting. */
    static void say(String line) {
        write("-", line);
    }

    /** Lets it end; only the first call counts. */
    public static void tell(int code, String says) {
        write(Integer.toString(code), says);
    }

    private static void write(String word, String says) {
        if (!waits()) {
            return;
        }
        String line = word + " " + says.strip().replaceAll("\\s*\n\\s*", "; ") + "\n";
        try (OutputStream pipe = Files.newOutputStream(PIPE)) {
            pipe.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            // It has read its line, or somebody ended it: nobody is waiting any more.
        }
    }
}
