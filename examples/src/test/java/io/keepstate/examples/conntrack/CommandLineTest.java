// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a command line before the kernel is asked: needs no rights. */
class CommandLineTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String input, String... words) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        return new ConntrackCommand(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)),
                        nowhere,
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        () -> true)
                .run(List.of(words));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "-L -n [::1          | No closing ']' around IPv6 address",
                "-L -n []:80         | No IPv6 address specified",
                "-L -n [::1]:        | No port specified after `:'",
                "-L -n [::1]80       | Invalid IP address `[::1]80'",
                "-L -n [::1]          | Invalid IP address `[::1]'",
                "-L -r 1.1.1.1/32     | CIDR notation unavailable for `--reply-src'",
                "-L -n 1.2.3.4:      | No port specified after `:'",
                "-L -n 1.2.3.4:65536 | Invalid port `65536'",
                "-L -g 1.2.3.0/24    | CIDR notation unavailable for `--dst-nat'",
                "-L -s 1.2.3.4/33    | Invalid netmask",
                "-L -s ::1 -d 1.1.1.1 | mismatched address family",
                "-L -p udp --state ESTABLISHED | unknown option `--state'",
                "-I -p udp           | You need to supply the `--timeout' option for this command",
                "-L -D               | Invalid commands combination",
                "-L foo              | unknown type `foo'",
                "-L -Z               | unknown option `-Z'",
                "-p tcp              | Illegal option `--protonum' with this command",
                "-p tcp -s 1.1.1.1   | Illegal option `--src' with this command",
                "-V foo              | unknown type `foo'",
                "-V dying            | Can't do that command with tables `dying' and `unconfirmed'",
                "-V -s 1.1.1.1       | Illegal option `--src' with this command",
                "-h foo              | unknown type `foo'",
                "-h -s 1.1.1.1       | Illegal option `--src' with this command",
                "-h -L               | Invalid commands combination",
                "-E dying            | Can't do that command with tables `dying' and `unconfirmed'",
                "-E -z               | Illegal option `--zero' with this command",
                "-R                  | unknown option `-R'",
                "-L -R /dev/null     | unknown option `-R'"
            })
    void aWrongLineIsRefusedWithConntracksWords(String line, String message) {
        assertThat(run("", line.split(" "))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("conntrack v1.4.7 (conntrack-tools): " + message + "\n");
    }

    @Test
    void aFileIsReadWholeBeforeAnythingIsDone() {
        assertThat(run("-F\n# all of it\n\nconntrack -F\n-L\n", "-R", "-")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Cannot use command `-L' with --load-file");
    }

    @Test
    void octetsThatAreNoTextAreWordsToBeRefused() {
        assertThat(run("\u0007\u00ff\u00fe -F\n--\u0080\n", "-R", "-")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "-L, -L",
        "-G -p tcp -s 1.1.1.1 -d 1.1.1.2 --sport 1 --dport 2, -G",
        "-C, -C",
        "-E, -E",
        "-V, -V",
        "-h, -h",
        "-L expect, -L expect",
        "-F expect, -F expect",
        "foo, unknown"
    })
    void aFileChangesThings(String line, String command) {
        assertThat(run(line + "\n", "-R", "-")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith(
                        "conntrack v1.4.7 (conntrack-tools): Cannot use command `" + command + "' with --load-file\n");
    }

    @Test
    void aDirectoryHasNothingInIt() {
        assertThat(run("", "-R", "/")).isZero();
        assertThat(run("", "-R", "/no/such/file")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Failed to open file /no/such/file for reading");
    }

    @Test
    void theVersionIsThatOfConntrackAndAsksNoKernel() {
        assertThat(run("", "-V")).isZero();
        assertThat(run("", "-V", "expect")).isZero();
        assertThat(run("", "-h", "expect")).isZero();
        assertThat(run("", "foo")).isZero();
        assertThat(err.size()).isZero();
    }

    @Test
    void aFileThatSaysNothingNeedsNoKernel() {
        assertThat(run("# nothing\n\n", "-R", "-")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0x10,16",
        "010,8",
        "12x,12",
        "x,0",
        "-1,4294967295",
        "4294967297,1",
        "99999999999999999999,4294967295",
        "0x,0"
    })
    void numbersAreReadAsTheCLibraryReadsThem(String text, long number) {
        assertThat(CNumber.any(text)).isEqualTo(number);
    }

    @Test
    void quotesHoldWordsTogether() {
        assertThat(LoadFile.words("  -A\t-s \"1.1.1.1\"  \"a b\"c ")).containsExactly("-A", "-s", "1.1.1.1", "a bc");
    }
}
