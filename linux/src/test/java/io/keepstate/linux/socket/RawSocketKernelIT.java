// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabCable;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Protocol 112 as VRRP uses it: hop limit 255, link-local multicast, no loop. */
@ExtendWith(LabExtension.class)
class RawSocketKernelIT {
    private static final int VRRP = 112;
    private static final Endpoint GROUP4 = Endpoint.of("224.0.0.18", 0);
    private static final Endpoint GROUP6 = Endpoint.of("ff02::12", 0);

    private final ByteBuf packet = NativeMemory.allocate(8192);
    private final List<Arrival> arrivals = new ArrayList<>();
    private final RawHandler recorder = (data, source) -> arrivals.add(new Arrival(
            ByteBufUtil.hexDump(data),
            source.sourceHigh(),
            source.sourceLow(),
            source.destinationHigh(),
            source.destinationLow(),
            source.interfaceIndex(),
            source.hopLimit()));
    private LabNamespace a;
    private LabNamespace b;

    private record Arrival(
            String hex, long sourceHigh, long sourceLow, long toHigh, long toLow, int interfaceIndex, int hopLimit) {}

    @BeforeEach
    void connect(Lab lab) {
        LabCable cable = LabCable.lay(lab, "eth0", "10.0.0.%d/24");
        a = cable.a();
        b = cable.b();
        a.address("eth0", "fe80::a/64");
        b.address("eth0", "fe80::b/64");
    }

    @AfterEach
    void release() {
        packet.release();
    }

    private RawSocket receiver(Lab lab, LabNamespace node, Endpoint group) {
        RawSocket socket = lab.closing(node.get(() -> RawSocket.open(group.family(), VRRP)));
        int index = node.index("eth0");
        socket.bindToDevice("eth0");
        socket.multicast().join(group, index);
        socket.bind(group.family() == IpFamily.IPV4 ? group : group.withScope(index));
        return socket;
    }

    private RawSocket sender(Lab lab, LabNamespace node, IpFamily family) {
        RawSocket socket = lab.closing(node.get(() -> RawSocket.open(family, VRRP)));
        socket.attachFilter(SocketFilter.dropAll());
        socket.bindToDevice("eth0");
        socket.multicast().sendOn(node.index("eth0"));
        socket.multicast().hops(255);
        socket.multicast().loop(false);
        socket.trafficClass(0xC0);
        socket.dontRoute();
        return socket;
    }

    private void await(RawSocket socket, int count) {
        Lab.eventually(
                Duration.ofSeconds(5),
                () -> {
                    socket.receive(recorder, 100);
                    return arrivals.size() >= count;
                },
                count + " packets arrive");
    }

    @Test
    void ipv4AdvertArrivesWithTheHeaderItWasGiven(Lab lab) {
        RawSocket receiver = receiver(lab, b, GROUP4);
        RawSocket own = receiver(lab, a, GROUP4);
        RawSocket sender = sender(lab, a, IpFamily.IPV4);
        sender.headerIncluded();
        // Version 4, length 5 words, TOS 0xC0, total length and checksum left to the kernel, id 7, TTL 255, 112.
        packet.writeInt(0x45c00000).writeInt(0x00070000).writeInt(0xff700000);
        packet.writeInt(0x0a000001).writeInt(0xe0000012);
        packet.writeInt(0x21336401);
        assertThat(sender.send(packet, GROUP4)).isEqualTo(24);
        await(receiver, 1);
        Arrival arrival = arrivals.get(0);
        assertThat(arrival.hex).hasSize(48).startsWith("45c00018" + "00070000").endsWith("0a000001e000001221336401");
        assertThat(arrival.sourceLow).isEqualTo(0x0a000001L);
        assertThat(arrival.toLow).isEqualTo(0xe0000012L);
        assertThat(arrival.hopLimit).isEqualTo(255);
        assertThat(own.receive(recorder, 10)).as("no loop back to the sender").isZero();
    }

    @Test
    void ipv6AdvertArrivesWithHopLimitDestinationAndChecksum(Lab lab) {
        RawSocket receiver = receiver(lab, b, GROUP6);
        RawSocket sender = sender(lab, a, IpFamily.IPV6);
        sender.checksumOffset(6);
        sender.bind(Endpoint.of("fe80::a", 0).withScope(a.index("eth0")));
        packet.writeInt(0x31336401).writeInt(0x00640000);
        assertThat(sender.send(packet, GROUP6.withScope(a.index("eth0")))).isEqualTo(8);
        await(receiver, 1);
        Arrival arrival = arrivals.get(0);
        // Pseudo header fe80::a, ff02::12, 8, 112 and the message sum up to the complement of the last 16 bits.
        assertThat(arrival.hex).isEqualTo("3133640100640000".substring(0, 12) + checksum());
        assertThat(arrival.sourceHigh).isEqualTo(0xfe80_0000_0000_0000L);
        assertThat(arrival.sourceLow).isEqualTo(0xa);
        assertThat(arrival.toHigh).isEqualTo(0xff02_0000_0000_0000L);
        assertThat(arrival.toLow).isEqualTo(0x12);
        assertThat(arrival.interfaceIndex).isEqualTo(b.index("eth0"));
        assertThat(arrival.hopLimit).isEqualTo(255);
    }

    private static String checksum() {
        int sum = 0xfe80 + 0xa + 0xff02 + 0x12 + 8 + VRRP + 0x3133 + 0x6401 + 0x0064;
        sum = (sum & 0xffff) + (sum >>> 16);
        return String.format("%04x", ~((sum & 0xffff) + (sum >>> 16)) & 0xffff);
    }

    @Test
    void ipv6UnicastLeavesFromTheAddressItIsTold(Lab lab) {
        a.address("eth0", "fe80::aa/64");
        RawSocket receiver = lab.closing(b.get(() -> RawSocket.open(IpFamily.IPV6, VRRP)));
        RawSocket sender = lab.closing(a.get(() -> RawSocket.open(IpFamily.IPV6, VRRP)));
        sender.unicastHops(255);
        int index = a.index("eth0");
        packet.writeInt(0x31336401).writeInt(0x00640000);
        Endpoint to = Endpoint.of("fe80::b", 0).withScope(index);
        assertThat(sender.send(packet, to, Endpoint.of("fe80::aa", 0).withScope(index)))
                .isEqualTo(8);
        await(receiver, 1);
        assertThat(arrivals.get(0).sourceLow).isEqualTo(0xaa);
        assertThat(arrivals.get(0).hopLimit).isEqualTo(255);
    }

    @Test
    void packetOnAnotherInterfaceIsNotHeard(Lab lab) {
        lab.veth(a, "eth1", b, "eth1");
        a.address("eth1", "10.0.1.1/24");
        RawSocket receiver = receiver(lab, b, GROUP4);
        RawSocket sender = lab.closing(a.get(() -> RawSocket.open(IpFamily.IPV4, VRRP)));
        sender.multicast().sendOn(a.index("eth1"));
        packet.writeInt(0x21336401);
        assertThat(sender.send(packet, GROUP4)).isEqualTo(4);
        sender.multicast().sendOn(a.index("eth0"));
        sender.send(packet, GROUP4);
        await(receiver, 1);
        assertThat(arrivals).hasSize(1);
        assertThat(arrivals.get(0).sourceLow).isEqualTo(0x0a000001L);
    }

    @Test
    void linkThatIsDownIsAValue(Lab lab) {
        RawSocket sender = sender(lab, a, IpFamily.IPV4);
        packet.writeInt(0x21336401);
        a.down("eth0");
        assertThat(sender.send(packet, GROUP4)).isIn(-Errno.ENETDOWN, -Errno.ENETUNREACH, -Errno.ENODEV);
    }

    @Test
    void joiningTwiceSaysWhatAndWhere(Lab lab) {
        RawSocket receiver = receiver(lab, b, GROUP4);
        assertThatThrownBy(() -> receiver.multicast().join(GROUP4, b.index("eth0")))
                .hasMessageContaining("IP_ADD_MEMBERSHIP")
                .hasMessageContaining("EADDRINUSE")
                .hasMessageContaining("224.0.0.18");
    }

    @Test
    void oversizedPacketIsDroppedAndCounted(Lab lab) {
        RawSocket receiver = lab.closing(b.get(() -> RawSocket.open(IpFamily.IPV4, VRRP)));
        RawSocket sender = lab.closing(a.get(() -> RawSocket.open(IpFamily.IPV4, VRRP)));
        packet.writeZero(6000);
        assertThat(sender.send(packet, Endpoint.of("10.0.0.2", 0))).isEqualTo(6000);
        Lab.eventually(
                Duration.ofSeconds(5),
                () -> {
                    receiver.receive(recorder, 10);
                    return receiver.truncated() == 1;
                },
                "the reassembled packet is counted");
        assertThat(arrivals).isEmpty();
    }

    @Test
    void addressOfAnotherMachineCanBeBoundIfAskedFor(Lab lab) {
        RawSocket socket = lab.closing(a.get(() -> RawSocket.open(IpFamily.IPV4, VRRP)));
        assertThatThrownBy(() -> socket.bind(Endpoint.of("10.9.9.9", 0))).hasMessageContaining("EADDRNOTAVAIL");
        socket.freeBind();
        socket.bind(Endpoint.of("10.9.9.9", 0));
    }
}
