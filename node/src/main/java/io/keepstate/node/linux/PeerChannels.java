// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.flow.IpAddress;
import io.keepstate.ftfw.channel.ChannelConfig;
import io.keepstate.ftfw.channel.ChannelOpenException;
import io.keepstate.ftfw.channel.ChannelStats;
import io.keepstate.ftfw.channel.DedicatedLinks;
import io.keepstate.ftfw.channel.LinkListener;
import io.keepstate.ftfw.channel.LinkStats;
import io.keepstate.ftfw.channel.MulticastChannelConfig;
import io.keepstate.ftfw.channel.TcpChannelConfig;
import io.keepstate.ftfw.channel.UdpChannelConfig;
import io.keepstate.ftfw.link.LinkState;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.PeerLinks;
import io.keepstate.node.stats.LinkSnapshot;
import io.keepstate.node.stats.LinksSnapshot;
import java.util.List;

/** The configured links as channels of {@code ftfw}, and what those count in the node's terms. */
final class PeerChannels {
    private PeerChannels() {}

    /** Opens all links. */
    static DedicatedLinks open(PeerLinks links, LinkListener listener) throws NodeStartException {
        try {
            return DedicatedLinks.open(
                    links.links().stream().map(PeerChannels::config).toList(), links.defaultLink(), listener);
        } catch (ChannelOpenException e) {
            throw new NodeStartException("sync link: " + e.getMessage(), e);
        }
    }

    private static ChannelConfig config(PeerLink link) {
        // As conntrackd, a link takes datagrams of any source: a peer may send from another of its addresses.
        if (link instanceof PeerLink.Udp udp) {
            return new UdpChannelConfig(
                    endpoint(udp.local(), udp.port()),
                    endpoint(udp.peer(), udp.port()),
                    udp.interfaceName(),
                    udp.sendBuffer(),
                    udp.receiveBuffer(),
                    udp.checksum(),
                    false);
        }
        if (link instanceof PeerLink.Multicast multicast) {
            return new MulticastChannelConfig(
                    endpoint(multicast.group(), multicast.port()),
                    multicast.interfaceAddress().map(address -> endpoint(address, 0)),
                    multicast.interfaceName(),
                    multicast.sendBuffer(),
                    multicast.receiveBuffer(),
                    multicast.checksum());
        }
        PeerLink.Tcp tcp = (PeerLink.Tcp) link;
        return new TcpChannelConfig(
                endpoint(tcp.local(), tcp.port()),
                endpoint(tcp.peer(), tcp.port()),
                tcp.interfaceName(),
                tcp.sendBuffer(),
                tcp.receiveBuffer(),
                tcp.errorQueueLength());
    }

    private static Endpoint endpoint(IpAddress address, int port) {
        return Endpoint.of(address.toInetAddress(), port);
    }

    static LinksSnapshot snapshot(PeerLinks configured, DedicatedLinks links) {
        List<LinkSnapshot> all = links.stats().stream()
                .map(link -> snapshot(configured.transport(), link))
                .toList();
        return new LinksSnapshot(all, links.switches(), links.timesNoneAvailable());
    }

    private static LinkSnapshot snapshot(PeerLink.Transport transport, LinkStats link) {
        ChannelStats traffic = link.traffic();
        return new LinkSnapshot(
                transport,
                link.device(),
                link.state() != LinkState.DOWN,
                link.state() == LinkState.RUNNING,
                link.current(),
                traffic.bytesSent(),
                traffic.packetsSent(),
                traffic.sendErrors(),
                traffic.bytesReceived(),
                traffic.packetsReceived(),
                traffic.receiveErrors(),
                traffic.tcp()
                        .map(tcp -> new LinkSnapshot.Connections(
                                tcp.serverConnected(),
                                tcp.clientConnected(),
                                tcp.queued(),
                                tcp.queueLimit(),
                                tcp.queueLost(),
                                tcp.kicked(),
                                tcp.desynchronised())));
    }
}
