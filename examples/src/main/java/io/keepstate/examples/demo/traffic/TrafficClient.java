// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** All sessions of the client, on one thread. The public methods may be called by any thread. */
public final class TrafficClient {
    private static final int TICK_MILLIS = 20;
    private static final long UDP_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Selector selector;
    private final List<ClientSession> sessions = new ArrayList<>();
    private final List<DatagramChannel> datagrams = new ArrayList<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(64 * 1024);
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final PulseCounter udp = new PulseCounter();
    private final PulseCounter icmp = new PulseCounter();
    private long nextDatagramNanos;

    private TrafficClient(Selector selector) {
        this.selector = selector;
    }

    /**
     * Opens all sessions: of each kind, half over IPv4 and half over IPv6, the routes in turn.
     *
     * @param seed of the content
     */
    public static TrafficClient open(List<Route> routes, int downloads, int echoes, int idle, long seed) {
        try {
            TrafficClient client = new TrafficClient(Selector.open());
            int[] counts = {downloads, echoes, idle};
            for (SessionKind kind : SessionKind.values()) {
                for (int i = 0; i < counts[kind.ordinal()]; i++) {
                    Family family = i % 2 == 0 ? Family.IPV4 : Family.IPV6;
                    int number = i / 2 % routes.size();
                    Route route = routes.get(number);
                    String server = family == Family.IPV4 ? route.server4() : route.server6();
                    InetSocketAddress to = new InetSocketAddress(server, TrafficServer.TCP_PORT);
                    Greeting greeting = new Greeting(kind, seed + client.sessions.size());
                    client.sessions.add(
                            new ClientSession(client.selector, greeting, family, number, to, System.nanoTime()));
                }
            }
            for (Route route : routes) {
                for (String server : List.of(route.server4(), route.server6())) {
                    client.openDatagrams(server);
                    Pinger.start(server, client.icmp);
                }
            }
            Thread thread = new Thread(client::loop, "traffic");
            thread.setDaemon(true);
            thread.start();
            return client;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void openDatagrams(String server) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.connect(new InetSocketAddress(server, TrafficServer.UDP_PORT));
        channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        datagrams.add(channel);
    }

    /** From here on content counts as moved; idle sessions ask for one echo. */
    public void mark() {
        ask(() -> sessions.forEach(ClientSession::mark));
    }

    /** From here on stalls are watched. */
    public void watchStalls() {
        ask(() -> sessions.forEach(ClientSession::watchStalls));
    }

    /** How all sessions stand. */
    public List<SessionSample> sample() {
        List<SessionSample> samples = new ArrayList<>();
        ask(() -> {
            long now = System.nanoTime();
            sessions.forEach(session -> samples.add(session.sample(now)));
        });
        return samples;
    }

    public Pulse udp() {
        return udp.read();
    }

    public Pulse icmp() {
        return icmp.read();
    }

    /** Has {@code order} done by the loop and waits for it. */
    private void ask(Runnable order) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        orders.add(() -> {
            order.run();
            done.complete(null);
        });
        selector.wakeup();
        done.join();
    }

    private void loop() {
        try {
            while (true) {
                round();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void round() throws IOException {
        selector.select(TICK_MILLIS);
        long now = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.attachment() instanceof ClientSession session) {
                session.ready(key, scratch, now);
            } else {
                answers(now);
            }
        }
        selector.selectedKeys().clear();
        for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
            order.run();
        }
        sessions.forEach(session -> session.tick(now));
        if (now - nextDatagramNanos >= 0) {
            nextDatagramNanos = now + UDP_PERIOD_NANOS;
            sendDatagrams();
        }
    }

    private void answers(long now) {
        for (DatagramChannel channel : datagrams) {
            try {
                while (channel.read(scratch.clear()) > 0) {
                    udp.answered(now);
                }
            } catch (IOException unreachable) {
                // An ICMP error, reported by the next read: the probe has no answer.
            }
        }
    }

    private void sendDatagrams() {
        for (DatagramChannel channel : datagrams) {
            try {
                udp.sent();
                channel.write(scratch.clear().limit(32));
            } catch (IOException unreachable) {
                // Counted as sent and not answered.
            }
        }
    }
}
