// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A demo started from the distribution, as a user does; its processes carry a mark by which they can be found. */
final class DemoProcess implements AutoCloseable {
    private static final Path LAUNCHER = Path.of("target/keepstate/bin/keepstate");

    private final String mark = "KEEPSTATE_DEMO_TEST=" + UUID.randomUUID();
    private final Path output;
    private final Path json;
    private final Process process;

    private DemoProcess(Path directory, List<String> arguments) throws IOException {
        output = Files.createTempFile(directory, "demo", ".log");
        json = Files.createTempFile(directory, "demo", ".json");
        List<String> command =
                new ArrayList<>(List.of(LAUNCHER.toAbsolutePath().toString(), "demo", "--json", json.toString()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put(mark.substring(0, mark.indexOf('=')), mark.substring(mark.indexOf('=') + 1));
        process = builder.start();
    }

    /** Starts it; skips the test where it cannot run. */
    static DemoProcess start(Path directory, String... arguments) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "not root: the demo is tested as root");
        assumeTrue(Files.isExecutable(LAUNCHER), "no distribution in target/keepstate: run the package phase first");
        return new DemoProcess(directory, List.of(arguments));
    }

    /** Waits for its end. */
    int exitCode(long seconds) throws InterruptedException {
        assertThat(process.waitFor(seconds, TimeUnit.SECONDS))
                .as("the demo ends within %d s", seconds)
                .isTrue();
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL to the process that was started, and to no other. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** Waits until it has said so. */
    void awaitOutput(String text, long seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!output().contains(text)) {
            assertThat(process.isAlive() && System.nanoTime() < end)
                    .as("the demo says '%s': %s", text, output())
                    .isTrue();
            Thread.sleep(50);
        }
    }

    /** The numbers of its result, by dotted path. */
    Map<String, Long> result() throws IOException {
        Map<String, Long> numbers = new TreeMap<>();
        try (JsonParser parser = new JsonFactory().createParser(Files.readString(json))) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_NUMBER_INT) {
                    String path = parser.getParsingContext().pathAsPointer().toString();
                    numbers.put(path.substring(1).replace('/', '.'), parser.getLongValue());
                }
            }
        }
        return numbers;
    }

    /** The processes that descend from it and live, wherever they are. */
    List<String> survivors() throws IOException {
        List<String> found = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : processes) {
                try {
                    // What has ended but was not waited for has no environment any more.
                    if (new String(Files.readAllBytes(entry.resolve("environ")), UTF_8).contains(mark)) {
                        found.add(Files.readString(entry.resolve("cmdline")).replace('\0', ' '));
                    }
                } catch (IOException ended) {
                    // Between the listing and the reading.
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
