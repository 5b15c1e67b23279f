// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.loop.Readiness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control server against good and bad clients, stepped by hand: time is a number here. */
class ControlServerTest {
    private static final int BIG_LINES = 200_000;

    @TempDir
    Path directory;

    private final ControlAccess access = ownerOnly();
    private final Map<Integer, Boolean> watched = new HashMap<>();
    private final Descriptors descriptors = new Descriptors() {
        @Override
        public void watch(int fd, boolean forWriting) {
            watched.put(fd, forWriting);
        }

        @Override
        public void forget(int fd) {
            watched.remove(fd);
        }

        @Override
        public boolean isHungUp(int fd) {
            return Readiness.isHungUp(fd);
        }
    };
    private @Nullable Runnable held;
    private int streamClosed;
    private Path socket;
    private ControlServer server;
    private long now = 1_000;

    @BeforeEach
    void open() throws ControlSocketException {
        socket = directory.resolve("ctl");
        server = ControlServer.open(socket, this::handle, descriptors, ControlLimits.DEFAULT, access);
    }

    @AfterEach
    void close() {
        server.close();
        assertThat(watched).isEmpty();
        assertThat(socket).doesNotExist();
    }

    private void handle(ControlRequest request, ControlHandler.Output out) {
        switch (request) {
            case STATS -> out.text("statistics\n");
            case COMMIT -> held = out.hold();
            case DUMP_INTERNAL ->
                out.stream(new ChunkedOutput() {
                    private int line;

                    @Override
                    public boolean appendPage(StringBuilder page) {
                        for (int i = 0; i < 100 && line < BIG_LINES; i++) {
                            page.append("line ").append(line++).append('\n');
                        }
                        return line < BIG_LINES;
                    }

                    @Override
                    public void close() {
                        streamClosed++;
                    }
                });
            case SEND_BULK -> throw new IllegalStateException("a bug");
            default -> out.unserved();
        }
    }

    private static ControlAccess ownerOnly() {
        try {
            return ControlAccess.of(Optional.empty());
        } catch (ControlSocketException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void theSocketIsForItsOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
    }

    @Test
    void aRequestIsAnsweredAndTheConnectionEnds() throws IOException {
        assertThat(ask(21)).isEqualTo("statistics\n");
        assertThat(server.count(ControlEvent.SERVED)).isEqualTo(1);
        assertThat(server.clients()).isZero();
    }

    @Test
    void anUnknownOrUnservedRequestGetsNothingAndIsCounted() throws IOException {
        assertThat(ask(27)).isEmpty();
        assertThat(ask(-1)).isEmpty();
        assertThat(ask(32)).isEmpty();
        assertThat(server.count(ControlEvent.UNKNOWN_REQUEST)).isEqualTo(2);
        assertThat(server.count(ControlEvent.UNSERVED_REQUEST)).isEqualTo(1);
    }

    @Test
    void aShortRequestIsCounted() throws IOException {
        try (SocketChannel client = connect()) {
            client.write(ByteBuffer.wrap(new byte[] {21, 0}));
            step();
        }
        step();
        assertThat(server.count(ControlEvent.SHORT_REQUEST)).isEqualTo(1);
        assertThat(server.clients()).isZero();
    }

    @Test
    void aRequestMayArriveInPieces() throws IOException {
        try (SocketChannel client = connect()) {
            for (byte octet : number(21).array()) {
                client.write(ByteBuffer.wrap(new byte[] {octet}));
                step();
            }
            assertThat(read(client)).isEqualTo("statistics\n");
        }
    }

    @Test
    void aSilentClientIsEndedWhenItsTimeIsOver() throws IOException {
        try (SocketChannel client = connect()) {
            step();
            assertThat(server.nextDeadline()).isEqualTo(now + 10_000_000_000L);
            now = server.nextDeadline() - 1;
            step();
            assertThat(server.clients()).isEqualTo(1);
            now++;
            step();
            assertThat(server.clients()).isZero();
            assertThat(server.count(ControlEvent.SILENT_CLIENT)).isEqualTo(1);
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(server.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void aDumpIsProducedOnlyAsFastAsItIsRead() throws IOException {
        try (SocketChannel slow = connect()) {
            slow.write(number(16));
            step();
            step();
            assertThat(streamClosed).isZero();
            assertThat(ask(21)).isEqualTo("statistics\n"); // the others are served meanwhile
            assertThat(read(slow))
                    .hasLineCount(BIG_LINES)
                    .startsWith("line 0\n")
                    .endsWith("line 199999\n");
            assertThat(streamClosed).isEqualTo(1);
        }
    }

    @Test
    void aClientThatStopsReadingIsEnded() throws IOException {
        try (SocketChannel slow = connect()) {
            slow.write(number(16));
            step();
            assertThat(watched).containsValue(true);
            now += 31_000_000_000L;
            step();
            assertThat(server.count(ControlEvent.STALLED_CLIENT)).isEqualTo(1);
            assertThat(streamClosed).isEqualTo(1);
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfItsDumpIsCounted() throws IOException {
        try (SocketChannel client = connect()) {
            client.write(number(16));
            step();
        }
        step();
        assertThat(server.count(ControlEvent.CLIENT_GONE)).isEqualTo(1);
        assertThat(streamClosed).isEqualTo(1);
    }

    @Test
    void aCommitKeepsItsClientWaiting() throws IOException {
        try (SocketChannel client = connect()) {
            client.write(number(46));
            step();
            now += 100_000_000_000L;
            step();
            assertThat(server.clients()).isEqualTo(1);
            assertThat(held).isNotNull();
            held.run();
            step();
            assertThat(read(client)).isEmpty();
            assertThat(server.count(ControlEvent.SERVED)).isEqualTo(1);
        }
    }

    @Test
    void aWaitingClientThatLeavesIsNoticed() throws IOException {
        try (SocketChannel client = connect()) {
            client.write(number(46));
            step();
        }
        step();
        assertThat(server.count(ControlEvent.CLIENT_GONE)).isEqualTo(1);
        held.run();
    }

    /** As socat and some versions of nc do at the end of their standard input. */
    @Test
    void aWaitingClientThatHasSaidAllItHadToSayIsStillAnswered() throws IOException {
        try (SocketChannel client = connect()) {
            client.write(number(46));
            client.shutdownOutput();
            step();
            step();
            assertThat(server.clients()).isEqualTo(1);
            assertThat(watched).as("its end of input wakes nobody").hasSize(1);
            held.run();
            step();
            assertThat(read(client)).isEmpty();
            assertThat(server.count(ControlEvent.SERVED)).isEqualTo(1);
        }
    }

    @Test
    void aFailingHandlerCostsOnlyItsOwnClient() throws IOException {
        assertThat(ask(22)).isEmpty();
        assertThat(server.count(ControlEvent.HANDLER_FAILED)).isEqualTo(1);
        assertThat(ask(21)).isEqualTo("statistics\n");
    }

    @Test
    void whoComesWhenAllPlacesAreTakenWaitsForOne() throws IOException {
        List<SocketChannel> silent = new ArrayList<>();
        List<SocketChannel> asking = new ArrayList<>();
        for (int i = 0; i < ControlLimits.DEFAULT.clients(); i++) {
            silent.add(connect());
        }
        for (int i = 0; i < 6; i++) {
            SocketChannel client = connect();
            client.write(number(21));
            asking.add(client);
        }
        step();
        step();
        assertThat(server.clients()).isEqualTo(64);
        assertThat(server.count(ControlEvent.TOO_MANY_CLIENTS)).isEqualTo(1);
        assertThat(watched).as("those who wait do not wake the loop").doesNotContainKey(server.fd());
        silent.get(0).close();
        for (SocketChannel client : asking) {
            assertThat(read(client)).isEqualTo("statistics\n");
        }
        assertThat(watched).containsKey(server.fd());
        for (SocketChannel client : silent) {
            client.close();
        }
        step();
        assertThat(server.clients()).isZero();
    }

    @Test
    void goodRequestsAmidGarbageAreAllServed() throws IOException {
        byte[] garbage = new byte[100_000];
        new java.util.Random(1).nextBytes(garbage);
        for (int i = 0; i < 200; i++) {
            try (SocketChannel client = connect()) {
                client.configureBlocking(false);
                client.write(ByteBuffer.wrap(garbage, i * 400, i % 3 == 0 ? i % 4 : 4_000));
                step();
            }
            if (i % 10 == 0) {
                assertThat(ask(21)).isEqualTo("statistics\n");
            }
        }
        step();
        assertThat(server.clients()).isZero();
        assertThat(server.count(ControlEvent.SERVED)).isGreaterThanOrEqualTo(20);
        assertThat(server.count(ControlEvent.LONG_REQUEST)).isPositive();
        assertThat(server.count(ControlEvent.SHORT_REQUEST)).isPositive();
    }

    @Test
    void aSocketSomebodyAnswersOnIsNotTaken() {
        assertThatThrownBy(() -> ControlServer.open(socket, this::handle, descriptors, ControlLimits.DEFAULT, access))
                .isInstanceOf(ControlSocketException.class)
                .hasMessageContaining("another daemon answers on it");
    }

    @Test
    void aSocketOfADeadDaemonIsReplaced() throws Exception {
        Path stale = directory.resolve("stale");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(stale));
        }
        assertThat(stale).exists();
        ControlServer.open(stale, this::handle, descriptors, ControlLimits.DEFAULT, access)
                .close();
        assertThat(stale).doesNotExist();
    }

    @Test
    void aFileThatIsNoSocketIsLeftAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        assertThatThrownBy(() -> ControlServer.open(file, this::handle, descriptors, ControlLimits.DEFAULT, access))
                .isInstanceOf(ControlSocketException.class)
                .hasMessageContaining("no socket");
        assertThat(file).hasContent("precious");
    }

    @Test
    void aPipeIsLeftAloneThoughNobodyAnswersOnIt() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> ControlServer.open(pipe, this::handle, descriptors, ControlLimits.DEFAULT, access))
                .isInstanceOf(ControlSocketException.class)
                .hasMessageContaining("no socket");
        assertThat(pipe).exists();
    }

    private void step() {
        server.doWork(now);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private String ask(int request) throws IOException {
        try (SocketChannel client = connect()) {
            client.write(number(request));
            return read(client);
        }
    }

    private String read(SocketChannel client) throws IOException {
        client.configureBlocking(false);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ByteBuffer page = ByteBuffer.allocate(1 << 16);
        for (int idle = 0; idle < 100_000; idle++) {
            step();
            int count = client.read(page);
            if (count < 0) {
                return text.toString(java.nio.charset.StandardCharsets.UTF_8);
            }
            text.write(page.array(), 0, page.position());
            page.clear();
        }
        throw new AssertionError("the reply did not end");
    }

    private static ByteBuffer number(int request) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(request)
                .flip();
    }
}
