// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conntrack.ConntrackCommand;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The installed conntrack and ours carry out the same command lines, each in a namespace of its own: same exit codes, same
 * output but for times, ids and the order of a listing. What differs on purpose is in docs/conntrack.md, not here.
 */
@ExtendWith(LabExtension.class)
class ConntrackCommandInteropIT {
    private static final String COMMANDS = "conntrack-commands.txt";

    /** One line of the table: words, and behind {@code <<} the lines of its standard input, with {@code ;;} between. */
    private record CommandLine(List<String> words, String input) {
        static CommandLine of(String line) {
            String[] parts = line.split(" << ", 2);
            String input = parts.length == 1 ? "" : parts[1].replace(" ;; ", "\n") + "\n";
            return new CommandLine(parts[0].isEmpty() ? List.of() : Arrays.asList(parts[0].split(" +")), input);
        }
    }

    /** What one command line answered. */
    private record Answer(int code, List<String> out, String err) {}

    @Test
    void aThousandCommandLinesAreAnsweredAsByTheInstalledConntrack(Lab lab) throws Exception {
        Requires.program("conntrack");
        LabNamespace theirs = lab.namespace("theirs");
        LabNamespace ours = lab.namespace("ours");
        List<String> different = new ArrayList<>();
        List<String> lines = lines();
        // Side by side: starting a process a thousand times takes the longer half.
        CompletableFuture<List<Answer>> actual = new CompletableFuture<>();
        ours.network()
                .newThread("ours", () -> actual.complete(answers(lines, ConntrackCommandInteropIT::inProcess)))
                .start();
        List<Answer> expected = theirs.call(() -> answers(lines, line -> process(lab.directory(), line)));
        for (int i = 0; i < lines.size(); i++) {
            Answer other = actual.get(1, TimeUnit.MINUTES).get(i);
            if (!expected.get(i).equals(other)) {
                different.add(lines.get(i) + "\n  conntrack " + expected.get(i) + "\n  ours      " + other);
            }
        }
        assertThat(lines).hasSizeGreaterThan(900);
        assertThat(different).isEmpty();
    }

    private static List<Answer> answers(List<String> lines, Function<CommandLine, Answer> program) {
        return lines.stream().map(CommandLine::of).map(program).toList();
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

    private static Answer process(Path directory, CommandLine line) {
        List<String> command = new ArrayList<>(List.of("conntrack"));
        command.addAll(line.words);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        try {
            Path in = Files.writeString(directory.resolve("in"), line.input);
            Process process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return answer(process.waitFor(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static Answer inProcess(CommandLine line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new ConntrackCommand(
                        new ByteArrayInputStream(line.input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, false, StandardCharsets.UTF_8),
                        () -> true)
                .run(line.words);
        return answer(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Answer answer(int code, String out, String err) {
        List<String> lines =
                out.lines().map(ConntrackCommandInteropIT::comparable).sorted().toList();
        return new Answer(code, lines, err);
    }

    /**
     * Without the remaining time, the id, the use count and the numbers of each processor, which no two runs share; and
     * without the mark that only we save.
     */
    private static String comparable(String line) {
        String text = line.startsWith("cpu=") ? line.replaceAll("=\\d+", "=N") : line;
        return text.replaceFirst("^((?:ipv[46] +\\d+ )?[a-z0-9]+ +\\d+) \\d+ ", "$1 T ")
                .replaceFirst(" -t \\d+ ", " -t T ")
                .replaceFirst("^(-[AUD] .*) -m \\d+ ", "$1 ")
                .replaceFirst("<timeout>\\d+", "<timeout>T")
                .replaceFirst("(use=\\d+) id=\\d+", "$1 id=I")
                .replaceFirst("<id>\\d+", "<id>I")
                .replaceFirst("use=\\d+", "use=U")
                .replaceFirst("<use>\\d+", "<use>U");
    }
}
