// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The launcher of a daemon in the background: it reads one line on descriptor 3, the exit code and what to say, and ends
 * with it. Says nothing if the daemon runs in the foreground.
 */
public final class WaitingLauncher {
    private static final Path PIPE = Path.of("/proc/self/fd/3");

    private WaitingLauncher() {}

    /** Whether there is one: it tells so by a system property. */
    public static boolean waits() {
        return Boolean.getBoolean("keepstate.detached");
    }

    /** Lets it end; only the first call counts. */
    public static void tell(int code, String says) {
        if (!waits()) {
            return;
        }
        String line = code + " " + says.strip().replaceAll("\\s*\n\\s*", "; ") + "\n";
        try (OutputStream pipe = Files.newOutputStream(PIPE)) {
            pipe.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            // It has read its line, or somebody ended it: nobody is waiting any more.
        }
    }
}
