// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.ConntrackUnavailableException;
import io.keepstate.conntrack.EventStream;
import io.keepstate.conntrack.KernelCheck;
import io.keepstate.ftfw.channel.ChannelStats;
import io.keepstate.ftfw.channel.UdpChannel;
import io.keepstate.ftfw.channel.UdpChannelConfig;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.node.config.NetlinkSettings;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.stats.EventSocketSnapshot;
import io.keepstate.node.stats.LinkSnapshot;
import io.keepstate.node.sync.StateSync;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/** The sockets of state synchronisation: connection tracking and the link to the peer. Belongs to the sync loop. */
final class SyncSide {
    /** Datagrams taken from the link in one turn: conntrackd's EventIterationLimit. */
    private static final int LINK_BUDGET = 100;

    /** How long kernel events gather before they are read: measured, wake-ups are most of their cost. */
    private static final long EVENT_PAUSE_NANOS = 1_000_000;

    private static final long MILLIS_PER_SECOND = 1000;

    /** Measured: after half a second most of what an event goes through is compiled (docs/proof/spine.md). */
    private static final Duration REHEARSAL = Duration.ofMillis(500);

    private final PeerLink link;
    private final Rtnetlink rtnetlink;
    private final LinuxFlowTable table;
    private final UdpChannel peer;
    private final StateSync stateSync;

    private SyncSide(PeerLink link, Rtnetlink rtnetlink, LinuxFlowTable table, UdpChannel peer, StateSync stateSync) {
        this.link = link;
        this.rtnetlink = rtnetlink;
        this.table = table;
        this.peer = peer;
        this.stateSync = stateSync;
    }

    static SyncSide open(
            SyncConfiguration configuration, Rtnetlink rtnetlink, NodeListener listener, Resources resources)
            throws NodeStartException {
        PeerLink link = configuration.link();
        Optional<Link> dedicated = link.interfaceName().flatMap(rtnetlink::link);
        if (link.interfaceName().isPresent() && dedicated.isEmpty()) {
            throw StartError.noInterface("sync link", link.interfaceName().get());
        }
        // Before the socket of events is there: it would fill up meanwhile.
        int unused = Rehearsal.run(configuration, REHEARSAL);
        LinuxFlowTable table;
        try {
            table = resources.own(new LinuxFlowTable(options(configuration)));
        } catch (ConntrackUnavailableException e) {
            throw StartError.conntrack(e);
        }
        UdpChannel peer;
        try {
            peer = resources.own(UdpChannel.open(channel(link)));
        } catch (LinuxException e) {
            throw StartError.link(link, e);
        }
        KernelCheck.run(configuration.flowLimit())
                .forEach(finding -> listener.on(SyncEvent.warning(finding.message())));
        StateSync stateSync = new StateSync(
                configuration,
                table,
                peer,
                listener,
                peer.mtu(),
                System.currentTimeMillis() / MILLIS_PER_SECOND,
                new SecureRandom().nextLong());
        return new SyncSide(link, rtnetlink, table, peer, stateSync);
    }

    StateSync stateSync() {
        return stateSync;
    }

    void register(EventLoop loop) {
        loop.registerPaced(
                table.stream(), "conntrack events", EVENT_PAUSE_NANOS, (readiness, now) -> table.readEvents(now));
        loop.register(
                peer,
                "sync link",
                Readiness.READ,
                (readiness, now) -> peer.receive(datagram -> stateSync.receive(datagram, now), LINK_BUDGET));
    }

    EventSocketSnapshot eventStats() {
        EventStream stream = table.stream();
        return new EventSocketSnapshot(stream.bufferSize(), stream.overrunCount(), stream.failedCount());
    }

    LinkSnapshot linkStats() {
        Optional<Link> dedicated = link.interfaceName().flatMap(rtnetlink::link);
        boolean up = dedicated.map(Link::isUp).orElse(true);
        boolean running = dedicated.map(Link::isRunning).orElse(true);
        ChannelStats stats = peer.stats();
        return new LinkSnapshot(
                link.interfaceName().orElse(""),
                up,
                running,
                stats.bytesSent(),
                stats.packetsSent(),
                stats.sendErrors(),
                stats.bytesReceived(),
                stats.packetsReceived(),
                stats.receiveErrors());
    }

    /** As conntrackd, the link takes datagrams of any source: a peer may send from another of its addresses. */
    private static UdpChannelConfig channel(PeerLink link) {
        return new UdpChannelConfig(
                Endpoint.of(link.local().toInetAddress(), link.port()),
                Endpoint.of(link.peer().toInetAddress(), link.port()),
                link.interfaceName(),
                link.sendBuffer(),
                link.receiveBuffer(),
                link.checksum(),
                false);
    }

    private static ConntrackOptions options(SyncConfiguration configuration) {
        // conntrackd uses the configured size only if it may grow to it; else the system's.
        NetlinkSettings netlink = configuration.netlink();
        boolean usable = netlink.buffer() <= netlink.bufferLimit();
        return ConntrackOptions.DEFAULTS
                .withEventBuffer(usable ? netlink.buffer() : 0, netlink.bufferLimit())
                .withWindowTracking(configuration.tcpWindowTracking());
    }
}
