// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.loop.Readiness;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Octets no client would send, on the real socket: nothing is thrown, each connection ends and is counted, and a good
 * request in between is answered. Many more of them, without the socket and with a node behind: {@code
 * ControlOctetsFuzzTest}.
 */
class ControlFuzzTest {
    private static final int CONNECTIONS = Boolean.getBoolean("keepstate.long") ? 200_000 : 4_000;
    private static final int BATCH = 32;
    private static final long SEED = 20261122;

    @TempDir
    Path directory;

    private final Set<Integer> watched = new HashSet<>();

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void garbageIsCountedAndGoodRequestsInBetweenAreAnswered() throws Exception {
        Random random = new Random(SEED);
        Path socket = directory.resolve("ctl");
        Descriptors descriptors = new Descriptors() {
            @Override
            public void watch(int fd, boolean forWriting) {
                watched.add(fd);
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
        ControlServer server = ControlServer.open(
                socket,
                (request, out) -> out.text("answer\n"),
                descriptors,
                ControlLimits.DEFAULT,
                ControlAccess.of(Optional.empty()));
        long now = 1;
        for (int done = 0; done < CONNECTIONS; done += BATCH) {
            SocketChannel[] clients = new SocketChannel[BATCH];
            for (int i = 0; i < BATCH; i++) {
                clients[i] = SocketChannel.open(StandardProtocolFamily.UNIX);
                clients[i].connect(UnixDomainSocketAddress.of(socket));
                send(clients[i], random);
            }
            server.doWork(now);
            for (SocketChannel client : clients) {
                client.close();
            }
            server.doWork(now);
            server.doWork(now);
            assertThat(server.clients()).isZero();
            assertThat(answer(server, socket, now)).isEqualTo("answer\n");
            now++;
        }
        server.close();
        assertThat(watched).isEmpty();
        assertThat(server.count(ControlEvent.HANDLER_FAILED)).isZero();
        assertThat(server.count(ControlEvent.UNKNOWN_REQUEST)).isPositive();
        assertThat(server.count(ControlEvent.SHORT_REQUEST)).isPositive();
        assertThat(server.count(ControlEvent.LONG_REQUEST)).isPositive();
        long ended = server.count(ControlEvent.SERVED)
                + server.count(ControlEvent.SHORT_REQUEST)
                + server.count(ControlEvent.CLIENT_GONE);
        assertThat(ended).isEqualTo(server.count(ControlEvent.ACCEPTED));
    }

    private static void send(SocketChannel client, Random random) throws IOException {
        byte[] octets = new byte[random.nextInt(12)];
        random.nextBytes(octets);
        if (octets.length >= 4 && random.nextBoolean()) {
            octets[0] = (byte) random.nextInt(64);
            octets[1] = 0;
            octets[2] = 0;
            octets[3] = 0;
        }
        client.write(ByteBuffer.wrap(octets));
        if (random.nextInt(4) == 0) {
            client.shutdownOutput();
        }
    }

    private static String answer(ControlServer server, Path socket, long now) throws IOException {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(socket));
            client.write(ByteBuffer.wrap(new byte[] {21, 0, 0, 0}));
            server.doWork(now);
            ByteBuffer reply = ByteBuffer.allocate(100);
            while (client.read(reply) >= 0) {
                // until the end
            }
            return new String(reply.array(), 0, reply.position(), StandardCharsets.US_ASCII);
        }
    }
}
