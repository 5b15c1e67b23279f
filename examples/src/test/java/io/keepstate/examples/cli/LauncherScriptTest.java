// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher scripts, with a {@code java} that only prints how it was called. */
class LauncherScriptTest {
    private record Result(int code, String output) {}

    @TempDir
    Path directory;

    private Path bin;
    private Path java;

    @BeforeEach
    void install() throws IOException {
        bin = Files.createDirectories(directory.resolve("dist/bin"));
        for (String name : List.of("keepstate", "conntrackd")) {
            Files.copy(Path.of("src/main/bin", name), bin.resolve(name));
            assertThat(bin.resolve(name).toFile().setExecutable(true)).isTrue();
        }
        Path fake = Files.createDirectories(directory.resolve("jdk/bin")).resolve("java");
        Files.writeString(fake, "#!/bin/sh\nfor a; do echo \"$a\"; done\n");
        assertThat(fake.toFile().setExecutable(true)).isTrue();
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"17.0.15\"\n");
        java = directory.resolve("jdk");
    }

    @Test
    void argumentsArriveAsTheyWereGiven() throws Exception {
        Result result = run(Map.of("JAVA_HOME", java.toString()), bin.resolve("keepstate"), "daemon", "a b", "");
        assertThat(result.code()).isZero();
        assertThat(result.output().lines())
                .endsWith("io.keepstate.examples.cli.Main", "daemon", "a b", "")
                .contains("-XX:+UseSerialGC", directory.toRealPath().resolve("dist/lib") + "/*");
    }

    @Test
    void aDaemonIgnoresHangupAndOtherCommandsDoNot() throws Exception {
        // Bit 0 of SigIgn (proc(5)) is SIGHUP.
        Files.writeString(
                directory.resolve("jdk/bin/java"), "#!/bin/sh\nsed -n 's/^SigIgn:.*\\(.\\)$/\\1/p' /proc/$$/status\n");
        Map<String, String> home = Map.of("JAVA_HOME", java.toString());
        assertThat(run(home, bin.resolve("keepstate"), "daemon").output().strip())
                .matches("[13579bdf]");
        assertThat(run(home, bin.resolve("keepstate"), "demo").output().strip()).matches("[02468ace]");
    }

    @Test
    void symbolicLinksAreFollowedFromAnyDirectory() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("conntrackd"), Path.of("dist/bin/conntrackd"));
        Result result = run(Map.of("JAVA_HOME", java.toString()), link, "-s", "n");
        assertThat(result.output().lines())
                .endsWith("io.keepstate.examples.cli.Main", "conntrackd", "-s", "n")
                .contains("-XX:TieredStopAtLevel=1");
    }

    @Test
    void javaIsFoundOnThePath() throws Exception {
        Map<String, String> path = Map.of("PATH", java.resolve("bin") + ":/usr/bin:/bin");
        assertThat(run(path, bin.resolve("conntrackd"), "-C", "f").output())
                .contains("conntrackd")
                .doesNotContain("TieredStopAtLevel");
    }

    @Test
    void anOldOrMissingJavaIsOneSentenceAndExitCode2() throws Exception {
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"11.0.2\"\n");
        Result old = run(Map.of("JAVA_HOME", java.toString()), bin.resolve("keepstate"), "demo");
        assertThat(old.code()).isEqualTo(2);
        assertThat(old.output()).hasLineCount(1).contains("Java 17 or later is missing: apt-get install");
    }

    private Result run(Map<String, String> environment, Path program, String... args)
            throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(new java.io.File("/")).redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("KEEPSTATE_JAVA_OPTS");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
