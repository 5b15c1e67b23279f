// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The threads of this process as the kernel sees them, those of the JVM itself among them: a loop that is stopped at a
 * safepoint waits for {@code VM Thread}, so that one must not have less priority than the loop.
 */
public final class OsThreads {
    private static final Path TASKS = Path.of("/proc/self/task");

    private OsThreads() {}

    /**
     * Thread numbers and names now; the kernel cuts names to 15 octets ({@code VM Thread}, {@code G1 Conc#0}).
     *
     * @throws UncheckedIOException if /proc is not mounted
     */
    public static Map<Integer, String> list() {
        Map<Integer, String> threads = new TreeMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                String name = name(task);
                if (!name.isEmpty()) {
                    threads.put(Integer.valueOf(task.getFileName().toString()), name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw new UncheckedIOException("cannot read " + TASKS, e.getCause());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + TASKS + " (is /proc mounted?)", e);
        }
        return threads;
    }

    /** Empty if the thread has just ended. */
    private static String name(Path task) {
        try {
            // The octets, not readString: a thread's name need not be UTF-8.
            return new String(Files.readAllBytes(task.resolve("comm")), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
