// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.interop.ConntrackCommandLine.Answer;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The installed conntrack and ours carry out the same command lines, each in a namespace of its own: same exit codes, same
 * output but for times, ids and the order of a listing. What differs on purpose is in docs/conntrack.md, not here.
 */
@ExtendWith(LabExtension.class)
class ConntrackCommandInteropIT {
    private static final String COMMANDS = "conntrack-commands.txt";

    @Test
    void aThousandCommandLinesAreAnsweredAsByTheInstalledConntrack(Lab lab) throws Exception {
        Requires.program("conntrack");
        LabNamespace theirs = lab.namespace("theirs");
        LabNamespace ours = lab.namespace("ours");
        List<String> lines = lines();
        // Side by side: starting a process a thousand times takes the longer half.
        CompletableFuture<List<Answer>> actual = new CompletableFuture<>();
        ours.network()
                .newThread(
                        "ours", () -> actual.complete(ConntrackCommandLine.answers(lines, ConntrackCommandLine::ours)))
                .start();
        List<Answer> expected =
                theirs.call(() -> ConntrackCommandLine.answers(lines, line -> line.theirs(lab.directory())));
        List<Answer> answered = actual.get(1, TimeUnit.MINUTES);
        assertThat(lines).hasSizeGreaterThan(900);
        assertThat(ConntrackCommandLine.differences(lines, expected, answered)).isEmpty();
    }

    private static List<String> lines() throws Exception {
        try (InputStream in =
                Objects.requireNonNull(ConntrackCommandInteropIT.class.getResourceAsStream(COMMANDS), COMMANDS)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}
