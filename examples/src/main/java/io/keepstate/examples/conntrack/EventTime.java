// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;

/** What {@code -o timestamp} adds: the moment of printing. */
final class EventTime {
    private EventTime() {}

    /** In front of a line: seconds and microseconds since 1970, side by side and unpadded, as conntrack has them. */
    static String prefix() {
        Instant now = Instant.now();
        return String.format(Locale.ROOT, "[%-8d.%-6d]\t", now.getEpochSecond(), now.getNano() / 1000);
    }

    /** In an element, in local time. */
    static String element() {
        ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
        return String.format(
                Locale.ROOT,
                "<when><hour>%d</hour><min>%02d</min><sec>%02d</sec><wday>%d</wday><day>%d</day><month>%d</month>"
                        + "<year>%d</year></when>",
                now.getHour(),
                now.getMinute(),
                now.getSecond(),
                now.getDayOfWeek().getValue() % 7 + 1,
                now.getDayOfMonth(),
                now.getMonthValue(),
                now.getYear());
    }
}
