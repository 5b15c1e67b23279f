// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Severity;
import io.keepstate.examples.conf.keepalived.ConfigurationVerdict;
import io.keepstate.examples.daemon.KeepalivedOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments and exit codes of keepalived(8), against a daemon that only writes down how it was started. */
class KeepalivedCommandTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<KeepalivedOptions> started = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private Path file;

    @BeforeEach
    void configuration() throws IOException {
        file = Files.writeString(directory.resolve("keepalived.conf"), "vrrp_instance A { }");
    }

    @Test
    void theDaemonGetsWhatTheArgumentsSay() {
        assertThat(run("-nlDP", "-f", file.toString(), "--pid=/run/p", "-r/run/v", "-S3", "-s", "blue", "-i", "node1"))
                .isZero();
        KeepalivedOptions options = started.get(0);
        assertThat(options.configFile()).isEqualTo(file);
        assertThat(options.pidFile()).contains(Path.of("/run/p"));
        assertThat(options.vrrpPidFile()).contains(Path.of("/run/v"));
        assertThat(options.namespace()).contains("blue");
        assertThat(options.configId()).contains("node1");
        assertThat(options.logging().console()).isTrue();
        assertThat(options.logging().detailed()).isTrue();
        assertThat(options.logging().syslog()).isTrue();
        assertThat(options.logging().facility()).isEqualTo(19);
    }

    @ParameterizedTest
    @CsvSource({"daemon,3", "user,1", "0,16", "local7,23"})
    void logFacilitiesHaveTheirNumbers(String name, int number) {
        run("-f", file.toString(), "-S", name, "-G");
        assertThat(started.get(0).logging().facility()).isEqualTo(number);
        assertThat(started.get(0).logging().syslog()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"STOP,15", "RELOAD,1", "DATA,10", "STATS,12", "STATS_CLEAR,63", "JSON,36"})
    void signumPrintsTheNumber(String name, String number) {
        assertThat(run("--signum=" + name)).isZero();
        assertThat(text(out)).isEqualTo(number + System.lineSeparator());
    }

    @Test
    void aSignalThatDoesNotExistIsAnError() {
        assertThat(run("--signum=FOO")).isEqualTo(1);
        assertThat(text(err)).contains("Unknown sigfunc FOO");
    }

    @ParameterizedTest
    @CsvSource({
        "-Z,Unknown option -Z",
        "--wrong,Unknown option --wrong",
        "--lo,Ambiguous option --lo",
        "extra,Unexpected argument: extra",
        "-f,Missing value of option -f",
        "--vrrp=1,takes no value"
    })
    void whatIsNotUnderstoodIsSaidAndEndsWith1(String argument, String says) {
        assertThat(run(argument)).isEqualTo(1);
        assertThat(text(err)).contains(says);
        assertThat(started).isEmpty();
    }

    @Test
    void aLongOptionMayBeCutShort() {
        assertThat(run("--use-f", file.toString(), "--dont-f")).isZero();
        assertThat(started.get(0).configFile()).isEqualTo(file);
    }

    @Test
    void whatHasNoEffectIsWarnedAbout() {
        assertThat(run("-f", file.toString(), "-x", "-A", "/run/agentx")).isZero();
        assertThat(text(err)).contains("option -x (--snmp) has no effect: there is no SNMP here");
        assertThat(started).hasSize(1);
    }

    @Test
    void checkersAloneAreRefused() {
        assertThat(run("-C", "-f", file.toString())).isEqualTo(2);
        assertThat(text(err)).contains("VRRP part of keepalived only");
    }

    @Test
    void aMissingConfigurationIs6() {
        String missing = directory.resolve("missing").toString();
        assertThat(run("-f", missing)).isEqualTo(6);
        assertThat(text(err)).contains(missing + " cannot be read: name another one with -f");
        assertThat(started).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/dev/null"})
    void aConfigurationThatIsNoFileIs6(String path) {
        assertThat(run("-f", path)).isEqualTo(6);
        assertThat(text(err)).contains(path + " is no regular file: name another one with -f");
        assertThat(started).isEmpty();
    }

    @Test
    void aTestOfAGoodFileIs0AndStartsNothing() {
        findings.add(new Finding(Severity.NOTE, "f", 1, "d", "by the way"));
        assertThat(run("-t", "-f", file.toString())).isZero();
        assertThat(started).isEmpty();
        assertThat(text(err)).contains("f:1: note: d: by the way");
    }

    @Test
    void theVerdictsExitCodeIsThatOfATest() throws IOException {
        findings.add(new Finding(Severity.WARNING, "f", 1, "d", "hm"));
        Path report = directory.resolve("report");
        assertThat(run("--config-test=" + report, "-f", file.toString())).isEqualTo(ConfigurationVerdict.WRONG);
        assertThat(report).hasContent("f:1: warning: d: hm");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void versionAndHelp() {
        assertThat(run("-v")).isZero();
        assertThat(text(err)).startsWith("Keepalived v2.2.7 (Keepstate");
        assertThat(run("--help")).isZero();
        assertThat(text(out)).startsWith("Usage: keepalived").contains("--signum=SIGFUNC");
    }

    private int run(String... args) {
        KeepalivedCommand.Daemon daemon = new KeepalivedCommand.Daemon() {
            @Override
            public int applyAsInt(KeepalivedOptions options) {
                started.add(options);
                return 0;
            }

            @Override
            public ConfigurationVerdict review(KeepalivedOptions options) {
                return new ConfigurationVerdict(
                        findings,
                        findings.stream().anyMatch(finding -> finding.severity() != Severity.NOTE)
                                ? ConfigurationVerdict.WRONG
                                : ConfigurationVerdict.GOOD);
            }
        };
        return new KeepalivedCommand(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        daemon)
                .run(Arrays.asList(args));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
