// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import io.keepstate.examples.conntrack.ConntrackCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

/** One command line, carried out by the installed conntrack or by ours in the calling thread's namespace. */
record ConntrackCommandLine(List<String> words, String input) {
    /** What it answered; the lines of its output sorted, without what no two runs share. */
    record Answer(int code, List<String> out, String err) {}

    /**
     * Words between blanks, {@code %20} for a blank in one, {@code ""} for an empty one; behind {@code <<} the lines of its standard input, with
     * {@code ;;} between, {@code \t} and {@code \r} in them, and {@code \c} at the end for a last line without an end.
     */
    static ConntrackCommandLine of(String line) {
        String[] parts = line.split(" << ", 2);
        String input = parts.length == 1 ? "" : parts[1].replace(" ;; ", "\n") + "\n";
        List<String> words = parts[0].isEmpty() ? List.of() : Arrays.asList(parts[0].split(" +"));
        return new ConntrackCommandLine(
                words.stream().map(ConntrackCommandLine::word).toList(),
                input.replace("\\t", "\t").replace("\\r", "\r").replace("\\c\n", ""));
    }

    private static String word(String written) {
        return written.equals("\"\"") ? "" : written.replace("%20", " ");
    }

    /** What one of the programs answers to many of them, one after the other. */
    static List<Answer> answers(List<String> lines, Function<ConntrackCommandLine, Answer> program) {
        return lines.stream().map(ConntrackCommandLine::of).map(program).toList();
    }

    /** The lines that were answered differently, with both answers. */
    static List<String> differences(List<String> lines, List<Answer> theirs, List<Answer> ours) {
        return IntStream.range(0, lines.size())
                .filter(i -> !theirs.get(i).equals(ours.get(i)))
                .mapToObj(i -> lines.get(i) + "\n  conntrack " + theirs.get(i) + "\n  ours      " + ours.get(i))
                .toList();
    }

    /** As the installed conntrack answers; needs a directory for its streams. */
    Answer theirs(Path directory) {
        List<String> command = new ArrayList<>(List.of("conntrack"));
        command.addAll(words);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        try {
            Path in = Files.writeString(directory.resolve("in"), input);
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

    /** As ours answers, without a process. */
    Answer ours() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new ConntrackCommand(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, false, StandardCharsets.UTF_8),
                        () -> true)
                .run(words);
        return answer(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Answer answer(int code, String out, String err) {
        List<String> lines =
                out.lines().map(ConntrackCommandLine::comparable).sorted().toList();
        return new Answer(code, lines, err);
    }

    /**
     * Without the remaining time, the age, the id, the use count and the numbers of each processor, which no two runs
     * share; and without the mark that only we save.
     */
    private static String comparable(String line) {
        String text = line.startsWith("cpu=") ? line.replaceAll("=\\d+", "=N") : line;
        return text.replaceFirst("^((?:ipv[46] +\\d+ )?[a-z0-9]+ +\\d+) \\d+ ", "$1 T ")
                .replaceFirst("^\\d+ proto=", "T proto=")
                .replaceFirst(" -t \\d+ ", " -t T ")
                .replaceFirst("^(-[AUD] .*) -m \\d+ ", "$1 ")
                .replaceFirst("<timeout>\\d+", "<timeout>T")
                .replaceFirst("delta-time=\\d+", "delta-time=D")
                .replaceFirst("<deltatime>\\d+", "<deltatime>D")
                .replaceFirst("(use=\\d+) id=\\d+", "$1 id=I")
                .replaceFirst("<id>\\d+", "<id>I")
                .replaceFirst("use=\\d+", "use=U")
                .replaceFirst("<use>\\d+", "<use>U");
    }
}
