// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        for (String name : List.of("keepstate", "conntrackd", "keepalived", "client.sh")) {
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
    void aDaemonIsStartedWithTheSignalsItReadsBlocked() throws Exception {
        // HUP 1, USR1 10, USR2 12, ALRM 14, RTMIN+2 36, RTMAX-1 63 (signal(7)); the machine's own use of USR2 is moved
        // away.
        Files.writeString(
                directory.resolve("jdk/bin/java"),
                "#!/bin/bash\nwhile read -r a b; do [ $a != SigBlk: ] || echo $b $_JAVA_SR_SIGNUM;"
                        + " done < /proc/self/status\n");
        Map<String, String> home = Map.of("JAVA_HOME", java.toString());
        assertThat(run(home, bin.resolve("keepalived"), "-n").output().strip()).isEqualTo("4000000800002a01 40");
        assertThat(run(home, bin.resolve("keepstate"), "demo").output().strip()).doesNotStartWith("4");
    }

    @Test
    void keepalivedGoesIntoTheBackgroundUnlessItIsToldNotTo() throws Exception {
        Files.writeString(
                directory.resolve("jdk/bin/java"),
                "#!/bin/sh\ncase \"$*\" in *keepstate.detached*) echo 7 away >&3 ;; *) echo here; exit 3 ;; esac\n");
        Map<String, String> home = Map.of("JAVA_HOME", java.toString());
        for (List<String> foreground : List.of(
                List.of("-n"), List.of("-lDn"), List.of("--dont-fork"), List.of("-t"), List.of("-f", "x", "-v"))) {
            Result result = run(home, bin.resolve("keepalived"), foreground.toArray(String[]::new));
            assertThat(result).as("%s", foreground).isEqualTo(new Result(3, "here\n"));
        }
        for (List<String> background :
                List.of(List.<String>of(), List.of("-lD"), List.of("-f", "-n"), List.of("-fn"), List.of("-p", "-v"))) {
            Result result = run(home, bin.resolve("keepalived"), background.toArray(String[]::new));
            assertThat(result).as("%s", background).isEqualTo(new Result(7, "keepalived: away\n"));
        }
    }

    @Test
    void aDaemonThatEndsBeforeItRunsIsNotTakenForARunningOne() throws Exception {
        Files.writeString(directory.resolve("jdk/bin/java"), "#!/bin/sh\nexit 1\n");
        Result result = run(Map.of("JAVA_HOME", java.toString()), bin.resolve("keepalived"));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.output()).contains("ended before it ran: start it with -n -l");
    }

    @Test
    void whatADaemonInTheBackgroundSaysOfItsFileIsPassedOn() throws Exception {
        Map<String, String> home = Map.of("JAVA_HOME", java.toString());
        Path fake = directory.resolve("jdk/bin/java");
        Files.writeString(
                fake, "#!/bin/sh\nprintf '%s\\n' '- [warning] a\\b  c' >&3\necho '- [warning] d' >&3\necho '0 ' >&3\n");
        assertThat(run(home, bin.resolve("conntrackd"), "-d"))
                .isEqualTo(new Result(0, "[warning] a\\b  c\n[warning] d\n"));
        Files.writeString(fake, "#!/bin/sh\necho '- [ERROR] e' >&3\necho '1 ' >&3\n");
        assertThat(run(home, bin.resolve("conntrackd"), "-d")).isEqualTo(new Result(1, "[ERROR] e\n"));
        Files.writeString(fake, "#!/bin/sh\necho '- [warning] f' >&3\nkill -9 $$\n");
        Result dead = run(home, bin.resolve("conntrackd"), "-d");
        assertThat(dead.code()).isEqualTo(1);
        assertThat(dead.output()).startsWith("[warning] f\n").contains("ended before it ran: start it without -d");
    }

    @Test
    void theUmaskOfTheCommandLineIsTheDaemons() throws Exception {
        Files.writeString(directory.resolve("jdk/bin/java"), "#!/bin/sh\numask\n");
        Map<String, String> home = Map.of("JAVA_HOME", java.toString());
        assertThat(run(home, bin.resolve("keepalived"), "-nu", "077").output().strip())
                .isEqualTo("0077");
        assertThat(run(home, bin.resolve("keepalived"), "-n", "--umask=027")
                        .output()
                        .strip())
                .isEqualTo("0027");
        assertThat(run(home, bin.resolve("keepalived"), "-n", "-u", "x9").code())
                .isEqualTo(1);
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
        // A build under nohup would hand its ignored SIGHUP down.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP", program.toString()));
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
