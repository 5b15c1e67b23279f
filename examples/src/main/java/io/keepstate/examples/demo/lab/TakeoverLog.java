// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the steps of a takeover from what a node says: the log of {@code keepstate daemon}, or that of keepalived and
 * conntrackd. Pure; one thread, or guarded by the caller.
 */
final class TakeoverLog {
    private static final Pattern ELECTED = Pattern.compile("takeover of \\S+: elected\\b");
    private static final Pattern COMMITTED = Pattern.compile("takeover of \\S+: committed (\\d+) flows");
    private static final Pattern ADDRESSES = Pattern.compile("takeover of \\S+: addresses up\\b");
    private static final Pattern MASTER_STATE = Pattern.compile("\\(\\S+\\) Entering MASTER STATE");
    private static final Pattern CONNTRACKD_COMMITTED = Pattern.compile("Committed (\\d+) new entries");
    private static final Pattern TIMESTAMP =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d:\\d\\d[.,]\\d{3,9})(Z|[+-]\\d\\d:?\\d\\d)?");

    private TakeoverTimes times = TakeoverTimes.NONE;

    /** Forgets the last takeover. */
    void reset() {
        times = TakeoverTimes.NONE;
    }

    TakeoverTimes times() {
        return times;
    }

    /** Takes one line of the log; {@code wallMillis}, its arrival, counts for lines without a time of their own. */
    void accept(String line, long wallMillis) {
        if (ELECTED.matcher(line).find()) {
            times = times.withElected(timeOf(line, wallMillis));
        } else if (ADDRESSES.matcher(line).find()) {
            times = times.withAddresses(timeOf(line, wallMillis));
        } else if (times.elected() == 0 && MASTER_STATE.matcher(line).find()) {
            times = times.withElected(wallMillis);
        } else {
            acceptCommit(line, wallMillis);
        }
    }

    private void acceptCommit(String line, long wallMillis) {
        Matcher committed = COMMITTED.matcher(line);
        Matcher conntrackd = CONNTRACKD_COMMITTED.matcher(line);
        if (committed.find()) {
            times = times.withCommitted(timeOf(line, wallMillis), Long.parseLong(committed.group(1)));
        } else if (conntrackd.find()) {
            times = times.withCommitted(wallMillis, Long.parseLong(conntrackd.group(1)));
        }
    }

    /** The node was seen to hold all virtual addresses; what the log says about it comes first. */
    void addressesSeen(long wallMillis) {
        if (times.addresses() == 0) {
            times = times.withAddresses(wallMillis);
        }
    }

    private static long timeOf(String line, long arrivedMillis) {
        Matcher matcher = TIMESTAMP.matcher(line);
        if (!matcher.find()) {
            return arrivedMillis;
        }
        String text = matcher.group(1) + "T" + matcher.group(2).replace(',', '.');
        String offset = matcher.group(3);
        try {
            if (offset == null) {
                return LocalDateTime.parse(text)
                        .atZone(ZoneId.systemDefault())
                        .toInstant()
                        .toEpochMilli();
            }
            String colon = offset.length() == 5 ? offset.substring(0, 3) + ":" + offset.substring(3) : offset;
            return OffsetDateTime.parse(text + colon).toInstant().toEpochMilli();
        } catch (DateTimeParseException notATime) {
            return arrivedMillis;
        }
    }
}
