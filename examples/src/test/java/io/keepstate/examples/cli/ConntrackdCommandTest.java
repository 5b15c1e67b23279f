// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.control.ControlRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments, output and exit codes of conntrackd(8), against a server that is only a socket. */
class ConntrackdCommandTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({
        "-F ct,0",
        "-R ct,1",
        "-i,16",
        "-i ct,16",
        "-e,17",
        "-e ct,17",
        "-c ct,18",
        "-k,20",
        "-s,21",
        "-s ct,21",
        "-B,22",
        "-n,23",
        "-i -x,24",
        "-e -x,25",
        "-t,26",
        "-s network,28",
        "-s net,28",
        "-s n,28",
        "-s cache,29",
        "-s runtime,30",
        "-s link,31",
        "-s multicast,31",
        "-s rsqueue,32",
        "-f internal,33",
        "-f ext,34",
        "-s process,35",
        "-s queue,36",
        "-s expect,37",
        "-F expect,38",
        "-R expect,39",
        "-i expect,40",
        "-e expect,41",
        "-c expect,42",
        "-F,43",
        "-R,44",
        "-f,45",
        "-c,46",
        "-i expect -x,47",
        "-e expect -x,48",
        "-i -e,17",
        "-stats,21"
    })
    void eachOptionSendsItsNumber(String options, int number) {
        ConntrackdArguments parsed = ConntrackdArguments.parse(Arrays.asList(options.split(" ")));
        assertThat(parsed.action()).isEqualTo(ConntrackdArguments.Action.REQUEST);
        assertThat(parsed.request()).isEqualTo(ControlRequest.of(number).orElseThrow());
    }

    @Test
    void theReplyIsPassedOnToTheOctet() throws IOException {
        byte[] reply = new byte[300_000];
        Arrays.fill(reply, (byte) 'x');
        reply[299_999] = '\n';
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Path socket = directory.resolve("ctl");
            server.bind(UnixDomainSocketAddress.of(socket));
            CompletableFuture<Integer> request = CompletableFuture.supplyAsync(() -> answer(server, reply));
            assertThat(run("-C", config(socket).toString(), "-i")).isZero();
            assertThat(request.join()).isEqualTo(16);
        }
        assertThat(out.toByteArray()).isEqualTo(reply);
        assertThat(err.size()).isZero();
    }

    @Test
    void nobodyThereIsExitCode1() throws IOException {
        assertThat(run("-C", config(directory.resolve("none")).toString(), "-s"))
                .isEqualTo(1);
        assertThat(error()).isEqualTo("[ERROR] can't connect: is conntrackd running? appropriate permissions?\n");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .matches("(?s)\\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}] \\(pid=\\d+\\) .*");
    }

    @Test
    void aMissingFileIsExitCode1() {
        assertThat(run("-s", "-C", "/nonexistent.conf")).isEqualTo(1);
        assertThat(error()).isEqualTo("[ERROR] can't open config file `/nonexistent.conf'\n");
    }

    @Test
    void warningsOfTheFileGoToStandardError() throws IOException {
        Path config = config(directory.resolve("none"));
        Files.writeString(config, Files.readString(config).replace("UNIX", "Nice -20\nUNIX"));
        run("-C", config.toString(), "-s");
        assertThat(error()).startsWith("[warning] " + config + ":3: Nice: has no effect");
    }

    @ParameterizedTest
    @CsvSource({
        "-s foo,unknown parameter `foo' for option `-s',false",
        "-f foo,unknown parameter `foo' for option `-f',false",
        "-i bogus,Unknown option: bogus,true",
        "-Q,Unknown option: -Q,true",
        "-d -s,Invalid parameters,true",
        "-x,Invalid parameters,true",
        "-s -x,Invalid parameters,true",
        "-s -C,Missing config filename,true"
    })
    void wrongArgumentsAreExitCode1(String options, String message, boolean usage) {
        assertThat(run(options.split(" "))).isEqualTo(1);
        assertThat(error()).isEqualTo("[ERROR] " + message + "\n");
        assertThat(out.size() > 0).isEqualTo(usage);
    }

    @Test
    void versionAndHelp() {
        assertThat(run("-v")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .hasLineCount(2)
                .startsWith("Connection tracking userspace daemon v1.4.7. Licensed under ");
        out.reset();
        assertThat(run("-C", "/nonexistent", "-h")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines().count()).isEqualTo(23);
    }

    @Test
    void withoutAnOptionANodeRunsInTheForeground() {
        assertThat(run("-C", "/some.conf")).isEqualTo(42);
    }

    private int run(String... args) {
        PrintStream stdout = new PrintStream(out, false, StandardCharsets.UTF_8);
        PrintStream stderr = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new ConntrackdCommand(stdout, stderr, file -> 42).run(Arrays.asList(args));
    }

    private String error() {
        return err.toString(StandardCharsets.UTF_8).replaceAll("(?m)^\\[[^\\]]*] \\(pid=\\d+\\) ", "");
    }

    private Path config(Path socket) throws IOException {
        return Files.writeString(directory.resolve("c.conf"), """
                Sync { Mode FTFW { } UDP { IPv4_address 10.0.0.1 IPv4_Destination_Address 10.0.0.2 Port 1 Interface eth0 } }
                General {
                UNIX { Path %s
                } }
                """.formatted(socket));
    }

    private static int answer(ServerSocketChannel server, byte[] reply) {
        try (SocketChannel client = server.accept()) {
            ByteBuffer number = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
            while (number.hasRemaining() && client.read(number) >= 0) {
                Thread.onSpinWait();
            }
            ByteBuffer rest = ByteBuffer.wrap(reply);
            while (rest.hasRemaining()) {
                client.write(rest);
            }
            return number.getInt(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
