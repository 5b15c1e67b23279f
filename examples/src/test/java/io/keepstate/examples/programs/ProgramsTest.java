// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What all the small programs promise. */
class ProgramsTest {
    private static final Path SOURCES = Path.of("src/main/java/io/keepstate/examples/programs");
    private static final int MOST_LINES = 60;

    @Test
    void everyProgramFitsOnAPage() throws IOException {
        for (Path each : programs()) {
            assertThat(Files.readAllLines(each)).as(each.toString()).hasSizeLessThanOrEqualTo(MOST_LINES);
        }
    }

    @Test
    void noProgramNeedsAnythingElseOfTheExamples() throws IOException {
        for (Path each : programs()) {
            assertThat(Files.readString(each)).as(each.toString()).doesNotContain("import io.keepstate.examples");
        }
    }

    private static List<Path> programs() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            List<Path> programs = files.toList();
            assertThat(programs).hasSizeGreaterThan(5);
            return programs;
        }
    }
}
