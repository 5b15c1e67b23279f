// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conntrack.ConntrackCommand;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code -E} of the installed conntrack and of ours, side by side in one namespace: every form and filter shows the same
 * events in the same order, of flows by orders and by packets, and of an FTP helper's expectation.
 */
@ExtendWith(LabExtension.class)
class ConntrackEventsInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> LISTENERS = List.of(
            "-E",
            "-E conntrack -o xml",
            "-E -o xml,timestamp",
            "-E -o save",
            "-E -o id,extended",
            "-E -o timestamp",
            "-E -o ktimestamp",
            "-E -o userspace",
            "-E -e NEW",
            "-E -e UPDATES,DESTROY",
            "-E -b 100000 -e ALL",
            "-E -p udp",
            "-E -f ipv6",
            "-E -s 10.5.0.1 -m 5",
            "-E -d 127.0.0.0/8 -p tcp --dport 2121",
            "-E -n",
            "-E -w 7",
            "-E -p tcp --state ESTABLISHED",
            "-E expect",
            "-E expect -o xml",
            "-E expect -o xml,timestamp",
            "-E expect -o timestamp");
    private static final List<String> ORDERS = List.of(
            "-I -p udp -s 10.5.0.1 -d 10.5.0.2 --sport 1 --dport 2 -t 100 -m 5",
            "-U -p udp -s 10.5.0.1 -d 10.5.0.2 --sport 1 --dport 2 -u SEEN_REPLY,ASSURED",
            "-U -p udp -s 10.5.0.1 -d 10.5.0.2 --sport 1 --dport 2 -m 6",
            "-I -p icmpv6 -s 2001:db8::1 -d 2001:db8::2 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 3 -t 100",
            "-I -p sctp -s 10.5.0.1 -d 10.5.0.2 --sport 5 --dport 6 --state ESTABLISHED --orig-vtag 5 --reply-vtag 6 -t 90",
            "-I -p gre -s 10.5.0.3 -d 10.5.0.2 --srckey 17 --dstkey 34 -t 90 -w 7",
            "-I -p tcp -s 10.5.0.3 -d 10.5.0.2 --sport 9 --dport 80 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t 90"
                    + " -n 9.9.9.9:5555",
            "-F expect",
            "-D -p udp",
            "-F");

    /** What one listener printed. */
    private record Shown(List<String> out, String err, int code) {
        static Shown of(String out, String err, int code) {
            return new Shown(
                    out.lines().map(ConntrackEventsInteropIT::comparable).toList(), err, code);
        }
    }

    /** One listener of each kind, with the same words. */
    private record Pair(String words, Process theirs, Path directory, Future<Shown> ours) {}

    @Test
    void everyFormShowsTheSameEvents(Lab lab) throws Exception {
        Requires.program("conntrack");
        LabNamespace namespace = lab.namespace("fw");
        // The helper must be there before the flow, the events before both.
        namespace.nft(LoopbackFtp.RULES);
        namespace.sysctl("net.netfilter.nf_conntrack_events", "1");
        AtomicBoolean stopped = new AtomicBoolean();
        List<Pair> pairs = new ArrayList<>();
        try {
            for (String words : LISTENERS) {
                Path directory = Files.createDirectory(lab.directory().resolve("listener" + pairs.size()));
                Process theirs = namespace.call(() -> start(directory, words));
                CompletableFuture<Shown> ours = new CompletableFuture<>();
                namespace
                        .network()
                        .newThread("conntrack " + words, () -> ours.complete(listen(words, stopped)))
                        .start();
                pairs.add(new Pair(words, theirs, directory, ours));
            }
            Lab.eventually(PATIENCE, () -> subscribers(namespace) >= 2 * LISTENERS.size(), "all listen");
            namespace.call(() -> {
                LoopbackFtp.announce();
                return null;
            });
            ORDERS.forEach(order -> namespace.exec(("conntrack " + order).split(" ")));
            Lab.eventually(PATIENCE, () -> hasEnded(pairs.get(0)), "the last event was shown");
            // Ours look whether to end ten times a second, and have read everything then.
            stopped.set(true);
            compare(pairs);
        } finally {
            stopped.set(true);
            pairs.forEach(pair -> pair.theirs.destroyForcibly());
        }
    }

    private static void compare(List<Pair> pairs) throws Exception {
        for (Pair pair : pairs) {
            Shown ours = pair.ours.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            pair.theirs.destroy();
            assertThat(pair.theirs.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("conntrack %s ends", pair.words)
                    .isTrue();
            Shown theirs = Shown.of(read(pair, "out"), read(pair, "err"), pair.theirs.exitValue());
            assertThat(ours).as("%s", pair.words).isEqualTo(theirs);
        }
    }

    private static boolean hasEnded(Pair pair) {
        try {
            return read(pair, "out").contains("[DESTROY] tcp      6 ");
        } catch (IOException e) {
            return false;
        }
    }

    private static String read(Pair pair, String file) throws IOException {
        return Files.readString(pair.directory.resolve(file));
    }

    private static Process start(Path directory, String words) throws IOException {
        List<String> command = new ArrayList<>(List.of("conntrack"));
        command.addAll(Arrays.asList(words.split(" ")));
        return new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
    }

    private static Shown listen(String words, AtomicBoolean stopped) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new ConntrackCommand(
                        InputStream.nullInputStream(),
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, false, StandardCharsets.UTF_8),
                        stopped::get)
                .run(Arrays.asList(words.split(" ")));
        return Shown.of(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), code);
    }

    /** Netlink sockets of netfilter that have joined a group; the columns are sk, Eth, Pid, Groups... */
    private static long subscribers(LabNamespace namespace) {
        return namespace
                .procNet("netlink")
                .lines()
                .map(line -> line.trim().split(" +"))
                .filter(columns -> columns[1].equals("12") && !columns[3].equals("00000000"))
                .count();
    }

    /** Without the moment of printing, the mark that only we save, and who did it: a name is found by luck. */
    private static String comparable(String line) {
        return line.replaceFirst("^\\[\\d+\\.\\d+ *]\t", "[now]\t")
                .replaceFirst("<when>.*</when>", "<when/>")
                .replaceFirst("^(-[AUD] .*) -m \\d+ ", "$1 ")
                .replaceFirst(" progname=\\S+$", "");
    }
}
