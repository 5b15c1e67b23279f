// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Small configuration files, one for each directive and mistake: a line of {@code conntrackd/*.cases} is a verdict and the
 * text that stands in the place of {@code @} in the frame above it.
 */
public final class ConfigurationCases {
    private static final Path FOLDER = Path.of("src/test/resources/conntrackd");
    private static final Pattern LINE = Pattern.compile("(here-)?(ok|warn|no) +(.*?)(?:  ## (.*))?");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|a(\\d+);|(.))");

    private ConfigurationCases() {}

    /** What is said of a file. */
    public enum Verdict {
        /** Good. */
        OK,
        /** Good, with a warning. */
        WARN,
        /** Refused. */
        NO
    }

    /**
     * One file.
     *
     * @param name of the folder's file, and the line in it
     * @param here our verdict
     * @param reason why the installed conntrackd judges otherwise; empty where it does not
     * @param text its octets
     */
    public record Case(String name, Verdict here, String reason, byte[] text) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** All of them. */
    public static List<Case> all() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                read(file, cases);
            }
        }
        return cases;
    }

    private static void read(Path file, List<Case> cases) throws IOException {
        String frame = "@";
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.startsWith("frame ")) {
                frame = line.substring(6);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                cases.add(parse(file.getFileName() + "-" + number, frame, line));
            }
        }
    }

    private static Case parse(String name, String frame, String line) {
        var matcher = LINE.matcher(line);
        if (!matcher.matches() || (matcher.group(1) == null) != (matcher.group(4) == null)) {
            throw new IllegalArgumentException(name + ": " + line);
        }
        String text = frame.replace("@", matcher.group(3))
                .replace("$UNIX", "UNIX { Path /nonexistent/conntrackd.ctl }")
                .replace(
                        "$LINK",
                        "UDP { IPv4_address 10.0.0.1 IPv4_Destination_Address 10.0.0.2 Port 3780 Interface lo }");
        return new Case(
                name,
                Verdict.valueOf(matcher.group(2).toUpperCase(java.util.Locale.ROOT)),
                matcher.group(4) == null ? "" : matcher.group(4),
                ESCAPE.matcher(text).replaceAll(ConfigurationCases::unescape).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String unescape(MatchResult escape) {
        String octet = escape.group(1);
        if (octet != null) {
            return java.util.regex.Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(octet, 16)));
        }
        if (escape.group(2) != null) {
            return "a".repeat(Integer.parseInt(escape.group(2)));
        }
        return switch (escape.group(3)) {
            case "n" -> "\n";
            case "r" -> "\r";
            case "t" -> "\t";
            default -> "\\\\";
        };
    }
}
