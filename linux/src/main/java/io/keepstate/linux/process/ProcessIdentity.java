// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process, told from a later one of the same number by its start time; written {@code PID:START}. For marks that a process
 * leaves in files and in the kernel, so that a later one can tell whether their owner is still there.
 *
 * <p>Source: proc(5), field 22 of {@code /proc/PID/stat}. A process of another PID namespace counts as dead.
 *
 * @param pid process number
 * @param startTicks when it started, in clock ticks since boot
 */
public record ProcessIdentity(long pid, long startTicks) {

    /** Of field 22, behind the name, which is in parentheses and may hold anything. */
    private static final int START_INDEX = 19;

    /** Of field 3. */
    private static final int STATE_INDEX = 0;

    private static final long GONE = -1;

    /** This process. */
    public static ProcessIdentity current() {
        long pid = ProcessHandle.current().pid();
        return new ProcessIdentity(pid, startTicks(pid));
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ProcessIdentity parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("not PID:START: " + text);
        }
        return new ProcessIdentity(Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
    }

    /** Whether it runs now; a zombie does not, only its parent has not looked yet. */
    public boolean isAlive() {
        return startTicks != GONE && startTicks(pid) == startTicks;
    }

    private static long startTicks(long pid) {
        try {
            // The octets, not readString: the name of a process need not be UTF-8.
            String stat =
                    new String(Files.readAllBytes(Path.of("/proc/" + pid + "/stat")), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
            boolean ended = fields[STATE_INDEX].equals("Z") || fields[STATE_INDEX].equals("X");
            return ended ? GONE : Long.parseLong(fields[START_INDEX]);
        } catch (IOException e) {
            return GONE;
        }
    }

    @Override
    public String toString() {
        return pid + ":" + startTicks;
    }
}
