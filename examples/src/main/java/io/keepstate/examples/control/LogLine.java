// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The line conntrackd writes to its log file and its client to the console. */
public final class LogLine {
    /** ctime(3): the day of the month is padded with a blank. */
    private static final DateTimeFormatter CTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    private LogLine() {}

    /**
     * The line, without its end.
     *
     * @param level info, notice, warning or ERROR, spelled so
     */
    public static String of(ZonedDateTime time, long pid, String level, String message) {
        return "[" + ctime(time) + "] (pid=" + pid + ") [" + level + "] " + message;
    }

    /** The time as ctime(3) writes it. */
    public static String ctime(ZonedDateTime time) {
        return CTIME.format(time);
    }
}
