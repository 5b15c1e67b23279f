// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import io.keepstate.examples.control.ControlClient;
import io.keepstate.examples.control.ControlEvent;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.ftfw.RejectReason;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.IpFamily;
import io.keepstate.linux.socket.RawSocket;
import io.keepstate.linux.socket.UdpSocket;
import io.keepstate.node.event.Role;
import io.keepstate.node.stats.SyncStats;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thousand good messages among a hundred thousand bad ones, on the link, the control socket and protocol 112 of the
 * second node of the reference setup: the good ones are applied, each bad one is refused for its reason and counted, and
 * nothing else happens. With {@code keepstate.long} it is a million bad ones on each.
 */
@ExtendWith(LabExtension.class)
@Isolated("its daemon runs in this process")
class DaemonMalformedInputKernelIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SEED = 112;
    private static final int GOOD = 1000;
    private static final int BAD = LONG ? 1_000_000 : 100_000;
    private static final int ADVERTS_AT_ONCE = 50;
    private static final int DATAGRAMS_AT_ONCE = 500;

    private LabNamespace wires;
    private FirewallHost host;
    private Daemon daemon;
    private Path log;
    private Path control;
    private RawSocket outside;
    private RawSocket inside;
    private final AtomicLong lastGoodAdvert = new AtomicLong();
    private volatile boolean heartbeat = true;
    private Thread active;
    private long datagramsSent;

    @BeforeEach
    void daemon(Lab lab) throws Exception {
        host = new FirewallHost(lab, 2);
        wires = lab.namespace("wires");
        wires.address("s2", "10.0.0.1/24");
        outside = advertSocket(lab, "w2");
        inside = advertSocket(lab, "l2");
        log = lab.directory().resolve("log");
        control = lab.directory().resolve("ctl");
        Settings settings = Settings.read(
                Optional.of(host.write("keepalived.conf", host.keepalivedConf())),
                Optional.of(host.write(
                        "conntrackd.conf",
                        host.conntrackdConf()
                                .replace("LogFile on", "LogFile " + log)
                                .replace("Syslog on", "Syslog off")
                                .replace(
                                        "/var/lock/conntrack.lock",
                                        lab.directory().resolve("lock").toString())
                                .replace("/var/run/conntrackd.ctl", control.toString()))));
        assertThat(settings.hasErrors()).as(settings.findings().toString()).isFalse();
        daemon = new Daemon(settings, () -> settings, false);
        lab.closing(daemon::close);
        host.namespace().call(() -> {
            daemon.open();
            return null;
        });
        active = new Thread(this::advertise, "active router");
        active.setDaemon(true);
        active.start();
    }

    @AfterEach
    void stopAdvertising() throws InterruptedException {
        heartbeat = false;
        if (active != null) {
            active.join();
        }
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger(Logger.ROOT_LOGGER_NAME)
                .detachAppender("LogFile");
    }

    @Test
    void good_datagrams_among_bad_ones_are_applied(Lab lab) throws Exception {
        UdpSocket peer = lab.closing(wires.get(() -> UdpSocket.open(IpFamily.IPV4)));
        peer.bind(Endpoint.of("10.0.0.1", 3780));
        Endpoint node = Endpoint.of("10.0.0.2", 3780);
        BadSyncMessages messages = new BadSyncMessages(SEED);
        int badPerGood = BAD / GOOD;
        for (int i = 0; i < GOOD; i++) {
            for (int j = 0; j < badPerGood; j++) {
                send(peer, messages.bad(i * badPerGood + j, flow(0xc0a80000, 1)), node);
            }
            send(peer, messages.good(flow(0xac10000a, 10_000 + i)), node);
        }
        awaitReceived();

        SyncStats stats = daemon.node().stats().sync().orElseThrow();
        assertThat(stats.session().rejected()).isEqualTo(messages.expected());
        assertThat(messages.expected()).containsOnlyKeys(RejectReason.values());
        assertThat(stats.refusedPayloads()).isEqualTo(messages.expectedPayloads());
        assertThat(messages.expectedPayloads()).containsOnlyKeys(BadSyncMessages.reasons());
        assertThat(stats.session().lost()).isZero();
        assertThat(stats.external().entries()).isEqualTo(GOOD);
        assertThat(ask(ControlRequest.DUMP_EXTERNAL).lines())
                .hasSize(GOOD)
                .allMatch(line -> line.contains("src=172.16.0.10 "));
        assertThat(ask(ControlRequest.STATS_NETWORK)).containsPattern("Malformed messages:\\s+[1-9]\\d{4}");
        nothingElseHappened();
    }

    @Test
    void good_requests_among_bad_ones_are_answered() throws Exception {
        Random random = new Random(SEED);
        List<SocketChannel> silent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            silent.add(connect());
        }
        int badPerGood = BAD / GOOD;
        for (int i = 0; i < GOOD; i++) {
            for (int j = 0; j < badPerGood; j++) {
                badRequest(j, random);
            }
            assertThat(ask(ControlRequest.STATS)).startsWith("cache internal:").contains("message tracking:");
        }
        List<SocketChannel> crowd = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            crowd.add(connect());
        }
        Lab.eventually(PATIENCE, () -> count(ControlEvent.TOO_MANY_CLIENTS) > 0, "a crowd waits");
        for (SocketChannel one : crowd) {
            one.close();
        }
        Lab.eventually(PATIENCE, () -> count(ControlEvent.SILENT_CLIENT) >= 3, "silent clients are shown out");
        for (SocketChannel one : silent) {
            one.close();
        }
        long each = (long) GOOD * badPerGood / 5;
        Lab.eventually(PATIENCE, () -> count(ControlEvent.SHORT_REQUEST) >= each, "short requests are counted");
        assertThat(count(ControlEvent.UNKNOWN_REQUEST)).isGreaterThanOrEqualTo(2 * each);
        assertThat(count(ControlEvent.LONG_REQUEST)).isEqualTo(each);
        // There are no child processes to tell of, which is an answer; what a daemon has no answer for:
        // ControlServerTest.
        assertThat(count(ControlEvent.UNSERVED_REQUEST)).isZero();
        assertThat(count(ControlEvent.HANDLER_FAILED)).isZero();
        // The crowd has left, but the server may not have noticed yet, and would turn this client away too.
        Lab.eventually(PATIENCE, () -> !askQuietly(ControlRequest.STATS_RUNTIME).isEmpty(), "there is room again");
        assertThat(ask(ControlRequest.STATS_RUNTIME))
                .containsPattern("local read failed:\\s+[1-9]")
                .containsPattern("local unknown request:\\s+[1-9]");
        nothingElseHappened();
    }

    @Test
    void bad_adverts_change_no_role_and_touch_no_timer() throws Exception {
        BadAdverts adverts = new BadAdverts(SEED);
        int badPerGood = BAD / GOOD;
        int number = 0;
        for (int i = 0; i < GOOD; i++) {
            for (int j = 0; j < badPerGood; j++) {
                sendBad(adverts, number++);
            }
            sendGood(adverts);
        }
        awaitRejected(number);
        assertThat(daemon.node().stats().rejectedAdverts()).isEqualTo(adverts.expected());
        assertThat(adverts.expected()).containsOnlyKeys(BadAdverts.REACHABLE);
        assertThat(host.namespace()
                        .procNet("raw")
                        .lines()
                        .skip(1)
                        .map(line -> line.replaceAll(".*\\s(\\d+)\\s*$", "$1")))
                .as("drops of the raw sockets")
                .isNotEmpty()
                .containsOnly("0");
        nothingElseHappened();

        // The active router falls silent and only bad adverts go on: their election is neither hastened nor put off.
        heartbeat = false;
        active.join();
        while (role() == Role.BACKUP && System.nanoTime() - lastGoodAdvert.get() < PATIENCE.toNanos()) {
            sendBad(adverts, number++);
        }
        Duration waited = Duration.ofNanos(System.nanoTime() - lastGoodAdvert.get());
        assertThat(role()).isEqualTo(Role.ACTIVE);
        // RFC 3768 6.1: three intervals and the skew of priority 50, 206/256 s.
        assertThat(waited).isBetween(Duration.ofMillis(3_700), Duration.ofSeconds(15));
        assertThat(log()).contains("no active router heard)").doesNotContain("ERROR", "Exception");
    }

    private void nothingElseHappened() throws IOException {
        assertThat(role()).isEqualTo(Role.BACKUP);
        assertThat(log().lines().filter(line -> line.matches(".* G1: (backup|active|fault|stopped) .*")))
                .as("changes of role")
                .hasSize(1)
                .allMatch(line -> line.contains("G1: backup"));
        assertThat(log()).doesNotContain("ERROR", "Exception", "\tat ", "elected");
    }

    // ---- the link

    /** Waits now and then: a socket buffer that overflows would drop good ones. */
    private void send(UdpSocket socket, ByteBuf datagram, Endpoint to) {
        try {
            assertThat(socket.send(datagram, to)).isPositive();
        } finally {
            datagram.release();
        }
        if (++datagramsSent % DATAGRAMS_AT_ONCE == 0) {
            awaitReceived();
        }
    }

    private void awaitReceived() {
        Lab.eventually(
                PATIENCE, () -> received() == datagramsSent, "the node read " + datagramsSent + ": " + received());
    }

    private long received() {
        return daemon.node().stats().link().orElseThrow().packetsReceived();
    }

    private static Flow flow(int source, int port) {
        Tuple tuple = Tuple.ipv4(source, 0x0a0f0701, Protocol.TCP, port, 443);
        return Flow.builder(tuple)
                .reply(tuple.inverted())
                .status(Status.ASSURED | Status.SEEN_REPLY | Status.CONFIRMED)
                .tcpState(TcpState.ESTABLISHED)
                .timeoutSeconds(3600)
                .build();
    }

    // ---- the control socket

    private void badRequest(int kind, Random random) throws IOException {
        try (SocketChannel client = connect()) {
            switch (kind % 5) {
                case 0 -> write(client, new byte[random.nextInt(4)]);
                case 1 -> write(client, number(1000 + random.nextInt(Integer.MAX_VALUE - 1000)));
                case 2 -> write(client, number(-1 - random.nextInt(Integer.MAX_VALUE)));
                case 3 -> {
                    byte[] octets = new byte[5 + random.nextInt(100)];
                    System.arraycopy(number(ControlRequest.STATS.number()), 0, octets, 0, Integer.BYTES);
                    write(client, octets);
                    client.read(ByteBuffer.allocate(16)); // served, and left in the middle of the reply
                }
                default -> write(client, number(ControlRequest.STATS_PROCESS.number()));
            }
        }
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(number)
                .array();
    }

    private static void write(SocketChannel client, byte[] octets) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(octets);
        while (out.hasRemaining()) {
            client.write(out);
        }
    }

    private SocketChannel connect() throws IOException {
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        client.connect(UnixDomainSocketAddress.of(control));
        return client;
    }

    private long count(ControlEvent event) {
        return daemon.control().count(event);
    }

    private String ask(ControlRequest request) throws IOException {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        assertThat(ControlClient.request(control, request, reply)).isTrue();
        return reply.toString(StandardCharsets.UTF_8);
    }

    /** The reply, empty also when the server turned this client away. */
    private String askQuietly(ControlRequest request) {
        try {
            return ask(request);
        } catch (IOException e) {
            return "";
        }
    }

    // ---- protocol 112

    private RawSocket advertSocket(Lab lab, String port) {
        return lab.closing(wires.get(() -> {
            RawSocket socket = RawSocket.open(IpFamily.IPV4, 112);
            socket.bindToDevice(port);
            socket.multicast().sendOn(wires.index(port));
            socket.multicast().loop(false);
            socket.headerIncluded();
            socket.dontRoute();
            return socket;
        }));
    }

    /** What the active router says anyway, so that only this test's own doing could change a role. */
    private void advertise() {
        BadAdverts adverts = new BadAdverts(0);
        while (heartbeat) {
            sendGood(adverts);
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void sendGood(BadAdverts adverts) {
        send(outside, adverts.good(61));
        lastGoodAdvert.set(System.nanoTime());
        send(inside, adverts.good(62));
    }

    private void sendBad(BadAdverts adverts, int number) {
        boolean first = number / BadAdverts.REACHABLE.size() % 2 == 0;
        send(first ? outside : inside, adverts.bad(number, first ? 61 : 62));
        if (number % ADVERTS_AT_ONCE == ADVERTS_AT_ONCE - 1) {
            awaitRejected(number + 1);
        }
    }

    /** One at a time: the thread of the heartbeat and the test share the sockets, which are for one thread. */
    private static void send(RawSocket socket, ByteBuf packet) {
        synchronized (socket) {
            try {
                assertThat(socket.send(packet, Endpoint.of("224.0.0.18", 0))).isPositive();
            } finally {
                packet.release();
            }
        }
    }

    private void awaitRejected(long many) {
        Lab.eventually(PATIENCE, () -> rejected() == many, "all bad adverts are counted: " + many);
    }

    private long rejected() {
        Map<io.keepstate.vrrp.codec.RejectReason, Long> counts =
                daemon.node().stats().rejectedAdverts();
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private Role role() {
        return daemon.node().roles().get("G1");
    }

    private String log() throws IOException {
        return Files.readString(log);
    }
}
