// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conntrack.ConntrackCommand;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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

    /** What one command line answered. */
    private record Answer(int code, List<String> out, String err) {}

    @Test
    void sixHundredCommandLinesAnswerAsTheInstalledConntrack(Lab lab) throws Exception {
        Requires.program("conntrack");
        LabNamespace theirs = lab.namespace("theirs");
        LabNamespace ours = lab.namespace("ours");
        List<String> different = new ArrayList<>();
        List<String> lines = lines();
        for (String line : lines) {
            List<String> words = Arrays.asList(line.split(" +"));
            Answer expected = theirs.call(() -> process(lab.directory(), words));
            Answer actual = ours.call(() -> inProcess(words));
            if (!expected.equals(actual)) {
                different.add(line + "\n  conntrack " + expected + "\n  ours      " + actual);
            }
        }
        assertThat(lines).hasSizeGreaterThan(500);
        assertThat(different).isEmpty();
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

    private static Answer process(Path directory, List<String> words) throws Exception {
        List<String> command = new ArrayList<>(List.of("conntrack"));
        command.addAll(words);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return answer(process.waitFor(), Files.readString(out), Files.readString(err));
    }

    private static Answer inProcess(List<String> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new ConntrackCommand(
                        InputStream.nullInputStream(),
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, false, StandardCharsets.UTF_8),
                        () -> true)
                .run(words);
        return answer(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Answer answer(int code, String out, String err) {
        List<String> lines =
                out.lines().map(ConntrackCommandInteropIT::comparable).sorted().toList();
        return new Answer(code, lines, err);
    }

    /** Without the remaining time, the id and the use count, which no two runs share. */
    private static String comparable(String line) {
        return line.replaceFirst("^((?:ipv[46] +\\d+ )?[a-z0-9]+ +\\d+) \\d+ ", "$1 T ")
                .replaceFirst(" -t \\d+ ", " -t T ")
                .replaceFirst("<timeout>\\d+", "<timeout>T")
                .replaceFirst("(use=\\d+) id=\\d+", "$1 id=I")
                .replaceFirst("<id>\\d+", "<id>I")
                .replaceFirst("use=\\d+", "use=U")
                .replaceFirst("<use>\\d+", "<use>U");
    }
}
