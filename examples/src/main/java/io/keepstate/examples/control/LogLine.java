// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.TimeZone;

/**
 * The line conntrackd writes to its log file and its client to the console. Made without formatters, which take longer to
 * load than a client runs.
 */
public final class LogLine {
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final long MILLIS_PER_SECOND = 1000;

    private LogLine() {}

    /**
     * The line, without its end.
     *
     * @param wallMillis when, in milliseconds of the wall clock; shown in the local time
     * @param level info, notice, warning or ERROR, spelled so
     */
    public static String of(long wallMillis, String level, String message) {
        return "[" + ctime(wallMillis) + "] (pid=" + Pid.OWN + ") [" + level + "] " + message;
    }

    /** The time as ctime(3) writes it: the day of the month is padded with a blank. */
    public static String ctime(long wallMillis) {
        long local = wallMillis + TimeZone.getDefault().getOffset(wallMillis);
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(local, MILLIS_PER_SECOND), 0, ZoneOffset.UTC);
        int day = time.getDayOfMonth();
        return DAYS[time.getDayOfWeek().ordinal()] + " " + MONTHS[time.getMonthValue() - 1] + " "
                + (day < 10 ? " " : "")
                + day + " " + twoDigits(time.getHour()) + ":" + twoDigits(time.getMinute()) + ":"
                + twoDigits(time.getSecond()) + " " + time.getYear();
    }

    private static String twoDigits(int number) {
        return (number < 10 ? "0" : "") + number;
    }

    /** Our own process id, found without the machinery that watches children. */
    private static final class Pid {
        static final String OWN = find();

        private static String find() {
            try {
                return Files.readSymbolicLink(Path.of("/proc/self")).toString();
            } catch (IOException noProc) {
                return Long.toString(ProcessHandle.current().pid());
            }
        }
    }
}
