// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One line for people: time in UTC, protocol, addresses, what is wrong, then {@code name=value}. */
final class TextLines implements LineWriter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    /** What only programs want to know. */
    private static final Set<String> LEFT_OUT = Set.of(
            "frame",
            "frame_length",
            "src_mac",
            "dst_mac",
            "tos",
            "traffic_class",
            "ip_id",
            "ip_checksum_ok",
            "advert_int_centis",
            "checksum",
            "checksum_ok",
            "reserved",
            "udp_checksum",
            "udp_checksum_ok",
            "hardware_type",
            "protocol_type",
            "hardware_length",
            "protocol_length",
            "operation",
            "type",
            "flags",
            "hello",
            "hello_back",
            "index");

    private final PrintStream out;

    TextLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void write(DumpLine line) {
        StringBuilder text = new StringBuilder(200);
        text.append(TIME.format(Instant.EPOCH.plus(line.epochMicros(), ChronoUnit.MICROS)));
        text.append(' ').append(line.protocolText());
        text.append(' ').append(orUnknown(line.source())).append(" > ").append(orUnknown(line.destination()));
        if (line.isMalformed()) {
            text.append(" MALFORMED ").append(line.malformed());
            text.append(" (").append(line.complaint()).append(')');
        }
        line.fields().forEach((name, value) -> {
            boolean interesting = !LEFT_OUT.contains(name) || (line.isMalformed() && isNumberOfInterest(name));
            if (interesting) {
                text.append(' ').append(name).append('=').append(text(value));
            }
        });
        hideControls(text);
        out.append(text).append('\n').flush();
    }

    /** Any host may send a password that moves the cursor or ends the line: points instead. */
    private static void hideControls(StringBuilder text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            int type = Character.getType(each);
            // FORMAT turns the direction of writing around.
            if (type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                text.setCharAt(i, '.');
            }
        }
    }

    private static boolean isNumberOfInterest(String name) {
        return name.equals("type") || name.equals("checksum") || name.equals("flags");
    }

    private static String text(Object value) {
        if (value instanceof Map<?, ?> fields) {
            return fields.containsKey("text")
                    ? "{" + fields.get("text") + "}"
                    : fields.entrySet().stream()
                            .map(each -> each.getKey() + "=" + text(each.getValue()))
                            .collect(Collectors.joining(" ", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(TextLines::text).collect(Collectors.joining(","));
        }
        return String.valueOf(value);
    }

    private static String orUnknown(@Nullable String address) {
        return address == null ? "?" : address;
    }
}
