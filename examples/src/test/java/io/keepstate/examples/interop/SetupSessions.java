// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Sessions of a {@link ReferenceSetup} from the client to the server: TCP over IPv4 (translated) and IPv6, and UDP. */
final class SetupSessions {
    private static final int PORT = 8080;
    private static final int TIMEOUT_MILLIS = 15_000;

    private final List<Connection> connections = new ArrayList<>();
    private final DatagramSocket asking;
    private final DatagramSocket answering;
    private final SocketAddress translated;

    private record Connection(Socket client, Socket served) {}

    private SetupSessions(Lab lab, ReferenceSetup setup, int each) throws Exception {
        ServerSocket listener = lab.closing(setup.server.call(() -> new ServerSocket(PORT)));
        for (int i = 0; i < 2 * each; i++) {
            String address = i % 2 == 0 ? "10.15.7.10" : "2001:db8:15:7::10";
            Socket socket = lab.closing(setup.client.call(() -> {
                Socket connecting = new Socket();
                connecting.connect(new InetSocketAddress(address, PORT), TIMEOUT_MILLIS);
                return connecting;
            }));
            Connection connection = new Connection(socket, lab.closing(listener.accept()));
            connection.client.setSoTimeout(TIMEOUT_MILLIS);
            connection.served.setSoTimeout(TIMEOUT_MILLIS);
            connections.add(connection);
        }
        listener.close();
        asking = lab.closing(setup.client.call(() -> new DatagramSocket()));
        answering = lab.closing(setup.server.call(() -> new DatagramSocket(PORT)));
        asking.setSoTimeout(TIMEOUT_MILLIS);
        answering.setSoTimeout(TIMEOUT_MILLIS);
        asking.connect(new InetSocketAddress("10.15.7.10", PORT));
        asking.send(new DatagramPacket(new byte[] {1}, 1));
        DatagramPacket question = new DatagramPacket(new byte[1], 1);
        answering.receive(question);
        translated = question.getSocketAddress();
    }

    /** Opens as many connections of each family, and a UDP exchange. */
    static SetupSessions open(Lab lab, ReferenceSetup setup, int each) {
        try {
            SetupSessions sessions = new SetupSessions(lab, setup, each);
            sessions.assertAlive("before anything happens");
            return sessions;
        } catch (Exception e) {
            throw new AssertionError("no sessions through " + setup, e);
        }
    }

    /** Each moves content both ways; the server speaks first, so that only a firewall that knows them lets it in. */
    void assertAlive(String when) {
        List<String> dead = new ArrayList<>();
        for (Connection each : connections) {
            try {
                echo(each.served, each.client);
                echo(each.client, each.served);
            } catch (IOException e) {
                dead.add(each.client.getRemoteSocketAddress() + ": " + e.getMessage());
            }
        }
        try {
            answering.send(new DatagramPacket(new byte[] {2}, 1, translated));
            asking.receive(new DatagramPacket(new byte[1], 1));
        } catch (IOException e) {
            dead.add("UDP: " + e.getMessage());
        }
        assertThat(dead).as("dead sessions %s", when).isEmpty();
    }

    private static void echo(Socket from, Socket to) throws IOException {
        from.getOutputStream().write(42);
        assertThat(to.getInputStream().read()).isEqualTo(42);
    }
}
