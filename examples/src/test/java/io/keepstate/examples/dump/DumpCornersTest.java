// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays the frames of corners.txt: odd lengths, wrong fields, forms of checksum, headers, announcements. */
class DumpCornersTest {

    @TempDir
    private Path directory;

    /** A frame and what must be said of it. */
    record Corner(String name, String octets, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Corner> corners() throws IOException {
        List<String> lines = DumpRun.textOf("corners.txt").stream()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        List<Corner> corners = new ArrayList<>();
        for (int i = 0; i + 2 < lines.size(); i += 3) {
            corners.add(new Corner(lines.get(i), lines.get(i + 1), lines.get(i + 2)));
        }
        return corners;
    }

    @ParameterizedTest
    @MethodSource("corners")
    void what_is_said_of_a_frame_is_what_it_deserves(Corner corner) throws IOException {
        DumpRun run = DumpRun.of(CaptureBytes.of(directory, CaptureBytes.ETHERNET, corner.octets()));
        if (corner.expected().equals("nothing")) {
            assertThat(run.lines()).isEmpty();
            return;
        }
        Map<String, Object> line = run.only();
        for (String expected : corner.expected().split(" ")) {
            String[] field = expected.split("=", 2);
            assertThat(text(line.getOrDefault(field[0], "no"))).as(field[0]).isEqualTo(field[1]);
        }
        assertThat(run.exitCode()).isEqualTo(line.containsKey("malformed") ? Dump.MALFORMED : Dump.CLEAN);
    }

    private static String text(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }
}
