// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every script of {@code src/test/resources/scenarios}. */
class ScenarioFilesTest {

    static List<Path> scripts() throws Exception {
        Path directory =
                Path.of(ScenarioFilesTest.class.getResource("/scenarios").toURI());
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".vrrp"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void all_expectations_of_a_script_are_met(Path script) throws Exception {
        Scenario scenario = Scenario.read(script);

        assertThat(scenario.expectations()).isPositive();
        assertThat(scenario.run(event -> {})).isEmpty();
    }
}
