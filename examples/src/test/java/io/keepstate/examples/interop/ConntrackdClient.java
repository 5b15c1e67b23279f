// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import io.keepstate.linux.lab.LabNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs one conntrackd, the installed one or ours, as a client, and keeps its two outputs apart. */
record ConntrackdClient(LabNamespace namespace, String program) {
    private static final long PATIENCE_SECONDS = 30;

    /** What a run printed, and its exit code. */
    record Run(int code, String out, String err) {
        /**
         * The same without what may differ: numbers of a table become as many {@code #} as they take room, seconds and
         * kernel ids a single one, and lines of a cache have no order.
         */
        Run normalised() {
            String text = out.contains("[active since ") || out.startsWith("<flow>")
                    ? out.replaceAll("\\[active since \\d+s]", "[active since #s]")
                            .replaceAll("<id>\\d+</id>", "<id>#</id>")
                            .lines()
                            .sorted()
                            .collect(Collectors.joining("\n"))
                    : out.lines()
                            .map(line -> line.startsWith("object ") || line.startsWith("control ")
                                    ? line.replaceAll("seq:\\d+", "seq:#")
                                    : hashes(line))
                            .collect(Collectors.joining("\n"));
            return new Run(code, text, err.replaceAll("(?m)^\\[[^]]*] \\(pid=\\d+\\) ", ""));
        }

        private static String hashes(String line) {
            StringBuilder text = new StringBuilder();
            Matcher number = Pattern.compile(" *\\b\\d+\\b").matcher(line);
            while (number.find()) {
                number.appendReplacement(text, "#".repeat(number.group().length()));
            }
            return number.appendTail(text).toString();
        }
    }

    Run run(Path configuration, String words) {
        List<String> command = new ArrayList<>(List.of(program, "-C", configuration.toString()));
        if (!words.isEmpty()) {
            command.addAll(Arrays.asList(words.split(" ")));
        }
        return run(command);
    }

    Run run(List<String> command) {
        try {
            Path out = Files.createTempFile("conntrackd", ".out");
            Path err = Files.createTempFile("conntrackd", ".err");
            try {
                Process process = namespace.get(() -> start(command, out, err));
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " does not end");
                }
                return new Run(
                        process.exitValue(),
                        Files.readString(out, StandardCharsets.UTF_8),
                        Files.readString(err, StandardCharsets.UTF_8));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static Process start(List<String> command, Path out, Path err) {
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
