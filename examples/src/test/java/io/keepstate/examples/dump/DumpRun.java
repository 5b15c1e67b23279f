// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One run of {@code keepstate dump --json}: its exit code, and its lines as values. */
record DumpRun(int exitCode, List<Map<String, Object>> lines, String errors) {
    private static final JsonFactory JSON = new JsonFactory();

    static DumpRun of(Path capture) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        DumpOptions options = new DumpOptions(Optional.of(capture), Optional.empty(), DumpOptions.SYNC_PORT, 0, true);
        int code = new Dump(options, new PrintStream(out, true, StandardCharsets.UTF_8), print(err)).run();
        List<Map<String, Object>> lines = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(parse(line));
        }
        return new DumpRun(code, lines, err.toString(StandardCharsets.UTF_8));
    }

    /** What the run prints for people. */
    static String text(Path capture) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DumpOptions options = new DumpOptions(Optional.of(capture), Optional.empty(), DumpOptions.SYNC_PORT, 0, false);
        new Dump(options, print(out), System.err).run();
        return out.toString(StandardCharsets.UTF_8);
    }

    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(DumpRun.class.getResource(name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static List<String> textOf(String name) throws IOException {
        return Files.readAllLines(resource(name));
    }

    List<Map<String, Object>> of(String protocol) {
        return lines.stream()
                .filter(line -> line.get("protocol").equals(protocol))
                .toList();
    }

    /** The only line there is. */
    Map<String, Object> only() {
        if (lines.size() != 1) {
            throw new AssertionError(lines.size() + " lines: " + lines + errors);
        }
        return lines.get(0);
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> parse(String line) throws IOException {
        try (JsonParser parser = JSON.createParser(line)) {
            parser.nextToken();
            return (Map<String, Object>) Objects.requireNonNull(value(parser));
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> fields = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                fields.put(name, value(parser));
            }
            return fields;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(parser));
            }
            return list;
        }
        return switch (token) {
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> "null";
            default -> parser.getText();
        };
    }
}
