// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two routers between a client and a server, as a firewall pair: {@code fw1} translates, {@code fw2} takes over with
 * nothing but the flow. The client's sockets are not told; packets prove that both directions translate.
 */
@ExtendWith(LabExtension.class)
class NatCommitKernelIT {
    private static final String SNAT_RULES = """
            table ip nat {
              chain post { type nat hook postrouting priority srcnat;
                oifname "wan" ip saddr 172.16.0.0/24 meta l4proto { tcp, udp } snat to 10.15.7.100:30000-30999
              }
            }
            """;
    /** Whatever is not a known flow is dropped, so that only a committed one gets through. */
    private static final String STRICT_RULES = """
            table ip nat {
              chain post { type nat hook postrouting priority srcnat;
                oifname "wan" ip saddr 172.16.0.0/24 meta l4proto { tcp, udp } snat to 10.15.7.100:40000-40999
              }
            }
            table ip filter {
              chain forward { type filter hook forward priority filter; policy drop;
                ct state established accept
              }
            }
            """;
    /** Tracks but drops nothing: a mid-stream packet becomes a flow of its own. */
    private static final String PERMISSIVE_RULES = """
            table ip nat {
              chain post { type nat hook postrouting priority srcnat; }
            }
            table ip filter {
              chain forward { type filter hook forward priority filter; ct state new counter; }
            }
            """;

    private LabNamespace client;
    private LabNamespace server;
    private LabNamespace fw1;
    private LabNamespace fw2;

    @BeforeEach
    void cable(Lab lab) {
        client = lab.namespace("client");
        server = lab.namespace("server");
        fw1 = lab.namespace("fw1");
        fw2 = lab.namespace("fw2");
        LabNamespace lan = lab.namespace("lan");
        LabNamespace wan = lab.namespace("wan");
        lab.veth(client, "eth0", lan, "c");
        lab.veth(server, "eth0", wan, "s");
        router(lab, fw1, lan, wan, "1");
        router(lab, fw2, lan, wan, "2");
        lan.bridge("br0", "c", "f1", "f2");
        wan.bridge("br0", "s", "f1", "f2");
        client.address("eth0", "172.16.0.10/24");
        server.address("eth0", "10.15.7.2/24");
        client.route("0.0.0.0/0", "172.16.0.1");
        fw1.nft(SNAT_RULES);
        active(fw1);
    }

    private static void router(Lab lab, LabNamespace fw, LabNamespace lan, LabNamespace wan, String number) {
        lab.veth(fw, "lan", lan, "f" + number);
        lab.veth(fw, "wan", wan, "f" + number);
        fw.sysctl("net.ipv4.ip_forward", "1");
    }

    /** Gives a router the addresses client and server send to. */
    private static void active(LabNamespace fw) {
        fw.address("lan", "172.16.0.1/24");
        fw.address("wan", "10.15.7.100/24");
    }

    /** Moves the addresses: the old router dies, the neighbours learn the new one. */
    private void takeOver() {
        fw1.down("lan");
        fw1.down("wan");
        active(fw2);
        for (LabNamespace host : List.of(client, server)) {
            host.run("ip", "neigh", "flush", "dev", "eth0");
        }
    }

    private static Conntrack open(Lab lab, LabNamespace fw) {
        return lab.closing(fw.get(() -> Conntrack.open(ConntrackOptions.DEFAULTS)));
    }

    /** The flow as the first router's kernel has it: what a sync protocol would carry. */
    private Flow flowOf(Lab lab, int protocol, int clientPort, int serverPort) {
        Tuple original = Flows.tuple(protocol, "172.16.0.10", clientPort, "10.15.7.2", serverPort);
        Flow flow = open(lab, fw1).get(new FlowKey(original, 0)).orElseThrow();
        assertThat(flow.reply().destinationPort()).isBetween(30000, 30999);
        return flow;
    }

    private Socket connect(Lab lab, ServerSocket listener) throws Exception {
        return lab.closing(client.call(() -> {
            Socket socket = new Socket();
            socket.setSoTimeout(5000);
            socket.connect(new InetSocketAddress("10.15.7.2", listener.getLocalPort()), 5000);
            return socket;
        }));
    }

    private ServerSocket listen(Lab lab) throws Exception {
        return lab.closing(server.call(() -> new ServerSocket(8000, 8, InetAddress.getByName("10.15.7.2"))));
    }

    private static void exchange(Socket from, Socket to, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        from.getOutputStream().write(octets);
        assertThat(to.getInputStream().readNBytes(octets.length)).isEqualTo(octets);
    }

    @Test
    void aCommittedTcpConnectionGoesOnInBothDirections(Lab lab) throws Exception {
        ServerSocket listener = listen(lab);
        Socket near = connect(lab, listener);
        Socket far = lab.closing(listener.accept());
        far.setSoTimeout(5000);
        exchange(near, far, "before");
        exchange(far, near, "answer");
        Flow flow = flowOf(lab, Protocol.TCP, near.getLocalPort(), 8000);
        assertThat(far.getPort()).isEqualTo(flow.reply().destinationPort());

        fw2.nft(STRICT_RULES);
        CommitCounts counts = open(lab, fw2).commitAll(List.of(flow), 600);
        takeOver();

        assertThat(counts.of(CommitOutcome.CREATED)).isEqualTo(1);
        exchange(near, far, "from the client");
        exchange(far, near, "from the server");
    }

    @Test
    void withoutTheCommitTheSameConnectionIsDead(Lab lab) throws Exception {
        ServerSocket listener = listen(lab);
        Socket near = connect(lab, listener);
        Socket far = lab.closing(listener.accept());
        far.setSoTimeout(1000);
        exchange(near, far, "before");

        fw2.nft(STRICT_RULES);
        takeOver();

        near.getOutputStream().write(1);
        try {
            assertThat(far.getInputStream().read()).as("nothing gets through").isEqualTo(-2);
        } catch (SocketTimeoutException expected) {
            assertThat(expected).isNotNull();
        }
    }

    @Test
    void aConnectionTheKernelAlreadyPickedUpUntranslatedTranslatesAfterTheCommit(Lab lab) throws Exception {
        ServerSocket listener = listen(lab);
        Socket near = connect(lab, listener);
        Socket far = lab.closing(listener.accept());
        far.setSoTimeout(10_000);
        near.setSoTimeout(10_000);
        exchange(near, far, "before");
        Flow flow = flowOf(lab, Protocol.TCP, near.getLocalPort(), 8000);

        // The new router sees a packet from the middle of the stream first, and takes it for a flow of its own.
        fw2.nft(PERMISSIVE_RULES);
        takeOver();
        Conntrack standby = open(lab, fw2);
        near.getOutputStream().write("early".getBytes(StandardCharsets.US_ASCII));
        Lab.eventually(
                Duration.ofSeconds(5),
                () -> standby.get(flow.key()).isPresent(),
                "the new router's kernel picks the connection up");
        Flow picked = standby.get(flow.key()).orElseThrow();
        assertThat(picked.reply()).as("untranslated").isEqualTo(flow.original().inverted());

        CommitCounts counts = standby.commitAll(List.of(flow), 600);

        assertThat(counts.of(CommitOutcome.REPLACED)).isEqualTo(1);
        assertThat(far.getInputStream().readNBytes(5)).isEqualTo("early".getBytes(StandardCharsets.US_ASCII));
        exchange(near, far, "from the client");
        exchange(far, near, "from the server");
    }

    @Test
    void aUdpFlowToldByASyncMessageTranslatesInBothDirections(Lab lab) throws Exception {
        DatagramSocket near = lab.closing(client.call(() -> new DatagramSocket(5000)));
        DatagramSocket far = lab.closing(server.call(() -> new DatagramSocket(9000)));
        near.setSoTimeout(5000);
        far.setSoTimeout(5000);
        near.send(datagram("one", "10.15.7.2", 9000));
        DatagramPacket first = receive(far);
        Flow flow = flowOf(lab, Protocol.UDP, 5000, 9000);
        assertThat(first.getPort()).isEqualTo(flow.reply().destinationPort());
        // As a sync message has it: no reply tuple, NAT targets instead.
        Flow told = flow.toBuilder()
                .reply(null)
                .sourceNat(
                        new NatTarget(flow.reply().destination(), flow.reply().destinationPort()))
                .build();

        fw2.nft(STRICT_RULES);
        open(lab, fw2)
                .commitAll(
                        List.of(told.toBuilder()
                                .status(told.status() | Status.SEEN_REPLY)
                                .build()),
                        60);
        takeOver();

        near.send(datagram("two", "10.15.7.2", 9000));
        DatagramPacket second = receive(far);
        assertThat(second.getAddress().getHostAddress()).isEqualTo("10.15.7.100");
        assertThat(second.getPort()).isEqualTo(first.getPort());
        far.send(datagram("three", "10.15.7.100", second.getPort()));
        DatagramPacket back = receive(near);
        assertThat(back.getAddress().getHostAddress()).isEqualTo("10.15.7.2");
        assertThat(back.getPort()).isEqualTo(9000);
    }

    private static DatagramPacket datagram(String text, String to, int port) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        return new DatagramPacket(octets, octets.length, InetAddress.getByName(to), port);
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        socket.receive(packet);
        return packet;
    }
}
