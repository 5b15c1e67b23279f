// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;

/** Runs the programs the lab is made with ({@code ip}, {@code nft}, {@code nsenter}, {@code sh}). Thread-safe. */
final class Program {
    private Program() {}

    /**
     * Runs a program to its end.
     *
     * @param stdin what it reads
     * @return what it wrote, both streams
     * @throws LabException if it cannot be started or ends with another code than 0
     */
    static String run(String stdin, List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            feed(process, stdin);
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new LabException(
                        "`" + String.join(" ", command) + "` ended with code " + code + ": " + output.strip());
            }
            return output;
        } catch (IOException failed) {
            throw new LabException("cannot run " + command.get(0) + ": " + failed.getMessage(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while running " + command.get(0), interrupted);
        }
    }

    private static void feed(Process process, String stdin) throws IOException {
        try (OutputStream input = process.getOutputStream()) {
            input.write(stdin.getBytes(UTF_8));
        } catch (IOException endedBeforeReading) {
            // Its exit code and its output tell why.
            if (process.isAlive() && stdin.isEmpty()) {
                throw endedBeforeReading;
            }
        }
    }

    /** Starts a program that keeps running, its two output streams as one. */
    static Process start(ProcessBuilder builder) {
        try {
            return builder.redirectErrorStream(true).start();
        } catch (IOException failed) {
            throw new LabException("cannot run " + builder.command().get(0) + ": " + failed.getMessage(), failed);
        }
    }

    /** Hands every line of a stream to {@code listener}, on a daemon thread, until the stream ends. */
    static void follow(String name, InputStream stream, Consumer<String> listener) {
        Thread thread = new Thread(() -> readLines(stream, listener), name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void readLines(InputStream stream, Consumer<String> listener) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                listener.accept(line);
            }
        } catch (IOException closed) {
            // The program was killed: its stream ends here.
        }
    }
}
