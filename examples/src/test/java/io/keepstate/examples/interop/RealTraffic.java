// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Packets between a host and the firewall, translated at both ends, that make the kernel itself create and change
 * flows: TCP that stays and TCP that ends, UDP with an answer, echo requests, all over IPv4 and IPv6.
 */
final class RealTraffic {
    /** Flows that are there after {@link #exchange}. */
    static final int FLOWS = 8;

    private static final int PORT = 8080;
    private static final int TIMEOUT_MILLIS = 5000;

    private final Lab lab;
    private final LabNamespace firewall;
    private final LabNamespace host;

    private RealTraffic(Lab lab, LabNamespace firewall, LabNamespace host) {
        this.lab = lab;
        this.firewall = firewall;
        this.host = host;
    }

    /** Gives the firewall a host to talk to; what leaves for it is translated. */
    static RealTraffic through(Lab lab, LabNamespace firewall) {
        LabNamespace host = lab.namespace("host");
        lab.veth(firewall, "eth1", host, "eth1");
        firewall.address("eth1", "192.168.5.1/24");
        firewall.address("eth1", "192.168.5.3/24");
        firewall.address("eth1", "2001:db8:5::1/64");
        firewall.address("eth1", "2001:db8:5::3/64");
        host.address("eth1", "192.168.5.2/24");
        host.address("eth1", "2001:db8:5::2/64");
        firewall.nft("""
                table ip real {
                    chain out { type nat hook output priority -100; ip daddr 192.168.5.9 dnat to 192.168.5.2; }
                    chain post { type nat hook postrouting priority 110;
                        ip daddr 192.168.5.2 meta l4proto { tcp, udp } snat to 192.168.5.3:40000-49999;
                        ip daddr 192.168.5.2 snat to 192.168.5.3;
                    }
                }
                table ip6 real {
                    chain out { type nat hook output priority -100; ip6 daddr 2001:db8:5::9 dnat to 2001:db8:5::2; }
                    chain post { type nat hook postrouting priority 110;
                        ip6 daddr 2001:db8:5::2 meta l4proto { tcp, udp } snat to [2001:db8:5::3]:40000-49999;
                    }
                }
                """);
        return new RealTraffic(lab, firewall, host);
    }

    /** One exchange of each kind. */
    void exchange() {
        try {
            for (String address : new String[] {"192.168.5.9", "2001:db8:5::9"}) {
                exchange(InetAddress.getByName(address));
            }
        } catch (Exception e) {
            throw new IllegalStateException("real packets did not get through", e);
        }
    }

    private void exchange(InetAddress published) throws Exception {
        InetAddress real =
                InetAddress.getByName(published.getHostAddress().contains(":") ? "2001:db8:5::2" : "192.168.5.2");
        ServerSocket server = lab.closing(host.call(() -> new ServerSocket(PORT, 8, real)));
        tcp(server, published);
        tcp(server, published).close();
        udp(real, published);
        assertThat(firewall.call(() -> real.isReachable(TIMEOUT_MILLIS)))
                .as("echo of %s", real)
                .isTrue();
    }

    /** A connection that has carried something in both directions. */
    private Socket tcp(ServerSocket server, InetAddress published) throws Exception {
        Socket client = lab.closing(firewall.call(() -> {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(published, PORT), TIMEOUT_MILLIS);
            return socket;
        }));
        Socket served = lab.closing(server.accept());
        echo(client, served);
        echo(served, client);
        return client;
    }

    private static void echo(Socket from, Socket to) throws IOException {
        from.getOutputStream().write(42);
        to.setSoTimeout(TIMEOUT_MILLIS);
        assertThat(to.getInputStream().read()).isEqualTo(42);
    }

    private void udp(InetAddress real, InetAddress published) throws Exception {
        byte[] content = {1, 2, 3};
        try (DatagramSocket server = host.call(() -> new DatagramSocket(PORT, real));
                DatagramSocket client = firewall.call(() -> new DatagramSocket())) {
            client.setSoTimeout(TIMEOUT_MILLIS);
            server.setSoTimeout(TIMEOUT_MILLIS);
            client.send(new DatagramPacket(content, content.length, published, PORT));
            DatagramPacket packet = new DatagramPacket(new byte[16], 16);
            server.receive(packet);
            server.send(packet);
            client.receive(new DatagramPacket(new byte[16], 16));
        }
    }
}
