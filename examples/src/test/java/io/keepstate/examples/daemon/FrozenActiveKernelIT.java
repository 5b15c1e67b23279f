// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.control.ControlRequest;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The active node of the reference setup is stopped in the middle of everything (SIGSTOP; a suspended machine looks the
 * same), while its kernel goes on forwarding: its addresses must go without it, and every session must live on the other
 * node, and again on the first one after it wakes.
 */
@ExtendWith(LabExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class FrozenActiveKernelIT {
    private static final int SESSIONS = 20;
    private static final int PORT = 8080;
    private static final int ANSWER_MILLIS = 30_000;
    private static final List<String> VIRTUAL = List.of("10.15.7.100", "172.16.0.100");
    /** Three intervals and the skew, in whole seconds, and the kernel's grain; three times that on a busy machine. */
    private static final Duration GONE_WITHIN = Duration.ofMillis(3 * 4200);

    /** Both ends of a connection through the firewall. */
    private record Session(Socket client, Socket server) {
        void exchange(int octet) throws IOException {
            pass(client, server, octet);
            pass(server, client, octet);
        }

        private static void pass(Socket from, Socket to, int octet) throws IOException {
            from.getOutputStream().write(octet);
            to.setSoTimeout(ANSWER_MILLIS);
            assertThat(to.getInputStream().read()).isEqualTo(octet);
        }
    }

    @Test
    void addressesOfAStoppedNodeGoWithoutItAndNoSessionBreaks(Lab lab) throws Exception {
        Requires.program("nft");
        FirewallHost first = firewall(lab, 1);
        FirewallHost second = firewall(lab, 2);
        LabNamespace client = host(lab, "client", "lc", "172.16.0.10/24");
        LabNamespace server = host(lab, "server", "ws", "10.15.7.10/24");
        LabNamespace wires = lab.namespace("wires");
        wires.bridge("br-w", "w1", "w2", "ws");
        wires.bridge("br-l", "l1", "l2", "lc");
        wires.bridge("br-s", "s1", "s2");
        client.route("0.0.0.0/0", "172.16.0.100");

        LabProcess frozen = FirewallHost.running(first.daemon(first.keepalivedConf(), first.conntrackdConf()));
        Lab.eventually(FirewallHost.PATIENCE, () -> holdsAll(first), "the first is active: " + frozen.output());
        LabProcess heir = FirewallHost.running(second.daemon(second.keepalivedConf(), second.conntrackdConf()));
        List<Session> sessions = open(lab, client, server);
        Lab.eventually(
                FirewallHost.PATIENCE,
                () -> second.ask(ControlRequest.DUMP_EXTERNAL).lines().count() >= SESSIONS,
                "the second knows the sessions");

        signal(first, frozen, "STOP");
        Lab.eventually(GONE_WITHIN, () -> holdsNone(first), "the kernel took the addresses of the stopped node");
        Lab.eventually(FirewallHost.PATIENCE, () -> holdsAll(second), "the second is active: " + heir.output());
        exchange(sessions, 1);

        signal(first, frozen, "CONT");
        Lab.eventually(
                FirewallHost.PATIENCE,
                () -> holdsAll(first) && holdsNone(second),
                "the first has its role again: " + frozen.output());
        exchange(sessions, 2);
    }

    private static FirewallHost firewall(Lab lab, int number) throws IOException {
        FirewallHost host = new FirewallHost(lab, number);
        host.namespace().sysctl("net.ipv4.ip_forward", "1");
        host.namespace().nft(Files.readString(Path.of("conf", "firewall.nft")));
        // A node that does not know a connection must not adopt it from its next packet.
        host.namespace().sysctl("net.netfilter.nf_conntrack_tcp_loose", "0");
        return host;
    }

    private static LabNamespace host(Lab lab, String name, String port, String address) {
        LabNamespace host = lab.namespace(name);
        lab.veth(host, "eth0", lab.namespace("wires"), port);
        host.address("eth0", address);
        return host;
    }

    private static List<Session> open(Lab lab, LabNamespace client, LabNamespace server) throws Exception {
        InetAddress address = InetAddress.getByName("10.15.7.10");
        ServerSocket listening = lab.closing(server.call(() -> new ServerSocket(PORT, SESSIONS, address)));
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            Socket socket = lab.closing(client.call(() -> {
                Socket opened = new Socket();
                opened.connect(new InetSocketAddress(address, PORT), ANSWER_MILLIS);
                return opened;
            }));
            sessions.add(new Session(socket, lab.closing(listening.accept())));
        }
        exchange(sessions, 0);
        return sessions;
    }

    private static void exchange(List<Session> sessions, int octet) throws IOException {
        for (Session session : sessions) {
            session.exchange(octet);
        }
    }

    private static void signal(FirewallHost host, LabProcess process, String name) {
        host.namespace().run("sh", "-c", "kill -" + name + " " + process.pid());
    }

    private static boolean holdsAll(FirewallHost host) {
        return VIRTUAL.stream().allMatch(host::holds);
    }

    private static boolean holdsNone(FirewallHost host) {
        return VIRTUAL.stream().noneMatch(host::holds);
    }
}
