// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.PacketSocket;
import io.keepstate.vrrp.Announcer;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.GratuitousArp;
import io.keepstate.vrrp.codec.MacAddress;
import io.keepstate.vrrp.codec.UnsolicitedNeighborAdvertisement;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Announces virtual addresses on the link layer: gratuitous ARP requests for IPv4, unsolicited neighbour advertisements
 * for IPv6, with the interface's own hardware address. What it knows of an interface it asks again after a second.
 *
 * <p>Needs CAP_NET_RAW. Confined to one thread, which must be in the network namespace of the interfaces.
 */
public final class PacketAnnouncer implements Announcer, AutoCloseable {

    private static final long FACTS_AGE_NANOS = 1_000_000_000L;

    private final Rtnetlink rtnetlink;
    private final PacketSocket socket = PacketSocket.openSender();
    private final ByteBuf frame =
            PooledByteBufAllocator.DEFAULT.directBuffer(UnsolicitedNeighborAdvertisement.FRAME_LENGTH);
    private final Map<String, Facts> interfaces = new HashMap<>();
    private long sent;
    private long failures;
    private int lastErrno;

    /** What is known of an interface, and since when. */
    private record Facts(
            long sinceNanos, int index, @Nullable MacAddress mac, boolean forwardsIpv6) {}

    /** Announces on the interfaces that this rtnetlink connection, which stays the caller's, can see. */
    public PacketAnnouncer(Rtnetlink rtnetlink) {
        this.rtnetlink = rtnetlink;
    }

    @Override
    public void announce(VirtualAddress address) {
        Facts facts = facts(address.interfaceName());
        MacAddress mac = facts.mac();
        if (mac == null) {
            fail(Errno.ENODEV);
            return;
        }
        frame.clear();
        if (address.address().family() == AddressFamily.IPV4) {
            new GratuitousArp(GratuitousArp.Operation.REQUEST, mac, address.address()).encode(frame);
        } else {
            new UnsolicitedNeighborAdvertisement(mac, address.address(), facts.forwardsIpv6(), true).encode(frame);
        }
        int result = transmit(facts.index());
        if (result < 0) {
            fail(-result);
        } else {
            sent++;
        }
    }

    /** Frames sent. */
    public long sent() {
        return sent;
    }

    /** Announcements that could not be sent. */
    public long failures() {
        return failures;
    }

    /** The error number of the last one that could not be sent; 0 if all could. */
    public int lastErrno() {
        return lastErrno;
    }

    @Override
    public void close() {
        socket.close();
        if (frame.refCnt() > 0) {
            frame.release();
        }
    }

    private int transmit(int interfaceIndex) {
        try {
            return socket.send(frame, interfaceIndex);
        } catch (LinuxException e) {
            return -e.errno();
        }
    }

    private void fail(int errno) {
        failures++;
        lastErrno = errno;
    }

    private Facts facts(String interfaceName) {
        long now = System.nanoTime();
        Facts known = interfaces.get(interfaceName);
        if (known != null && now - known.sinceNanos() < FACTS_AGE_NANOS) {
            return known;
        }
        Optional<Link> link = rtnetlink.link(interfaceName);
        Facts found = link.map(it -> new Facts(now, it.index(), mac(it), forwardsIpv6(interfaceName)))
                .orElse(new Facts(now, 0, null, false));
        interfaces.put(interfaceName, found);
        return found;
    }

    private static @Nullable MacAddress mac(Link link) {
        var mac = link.mac();
        return mac == null ? null : new MacAddress(mac.value());
    }

    /** The R flag says that we are a router, which we are where we forward (RFC 4861 section 4.4). */
    private static boolean forwardsIpv6(String interfaceName) {
        try {
            Path setting = Path.of("/proc/sys/net/ipv6/conf", interfaceName, "forwarding");
            return Files.readString(setting).strip().equals("1");
        } catch (IOException e) {
            return false; // no IPv6 in this kernel or on this interface: nobody will ask
        }
    }
}
