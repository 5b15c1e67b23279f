// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabCable;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.process.Capabilities;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LabExtension.class)
class UdpSocketKernelIT {
    private static final int PORT = 3780;

    private final ByteBuf payload = NativeMemory.allocate(1400);
    private final List<String> received = new ArrayList<>();
    private final UdpHandler recorder = (data, high, low, port, scope) -> received.add(
            data.toString(StandardCharsets.UTF_8) + " from " + new Endpoint(family(high), high, low, port, 0));
    private LabNamespace a;
    private LabNamespace b;

    @BeforeEach
    void connect(Lab lab) {
        LabCable cable = LabCable.lay(lab, "eth0", "10.0.0.%d/24", "fd00::%d/64");
        a = cable.a();
        b = cable.b();
    }

    @AfterEach
    void release() {
        payload.release();
    }

    private static IpFamily family(long high) {
        return high == 0 ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    private static Endpoint of(LabNamespace node, IpFamily family) {
        int number = node.toString().equals("a") ? 1 : 2;
        return Endpoint.of((family == IpFamily.IPV4 ? "10.0.0." : "fd00::") + number, PORT);
    }

    private UdpSocket open(Lab lab, LabNamespace node, IpFamily family) {
        UdpSocket socket = lab.closing(node.get(() -> UdpSocket.open(family)));
        socket.bind(of(node, family));
        return socket;
    }

    private ByteBuf say(String text) {
        payload.clear().writeCharSequence(text, StandardCharsets.UTF_8);
        return payload;
    }

    private void receive(UdpSocket socket, int count) {
        Lab.eventually(
                Duration.ofSeconds(5),
                () -> {
                    socket.receive(recorder, 100);
                    return received.size() >= count;
                },
                count + " datagrams arrive");
    }

    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void datagramArrivesWithItsSource(IpFamily family, Lab lab) {
        UdpSocket sender = open(lab, a, family);
        UdpSocket receiver = open(lab, b, family);
        assertThat(sender.send(say("hello"), of(b, family))).isEqualTo(5);
        receive(receiver, 1);
        assertThat(received).containsExactly("hello from " + of(a, family));
        assertThat(receiver.receive(recorder, 10)).isZero();
    }

    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void connectedSocketSendsWithoutAddressAndHearsRefusals(IpFamily family, Lab lab) {
        UdpSocket sender = open(lab, a, family);
        sender.connect(of(b, family));
        assertThat(sender.send(say("anyone?"))).isEqualTo(7);
        Lab.eventually(
                Duration.ofSeconds(5),
                () -> {
                    sender.receive(recorder, 1);
                    return sender.receiveErrors() == 1;
                },
                "the refusal is counted, not thrown");
        UdpSocket receiver = open(lab, b, family);
        sender.send(say("now"));
        receive(receiver, 1);
        assertThat(received).containsExactly("now from " + of(a, family));
    }

    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void checksumOffSendsZeroOverIpv4Only(IpFamily family, Lab lab) {
        UdpSocket sender = open(lab, a, family);
        UdpSocket receiver = open(lab, b, family);
        sender.noChecksum();
        PacketSocket tap = lab.closing(
                b.get(() -> PacketSocket.openReceiver(PacketSocket.ETH_P_ALL, NetworkInterfaces.index("eth0"))));
        int etherType = family == IpFamily.IPV4 ? 0x0800 : 0x86dd;
        int checksumAt = family == IpFamily.IPV4 ? 14 + 20 + 6 : 14 + 40 + 6;
        int protocolAt = family == IpFamily.IPV4 ? 14 + 9 : 14 + 6;
        sender.send(say("unprotected"), of(b, family));
        receive(receiver, 1);
        List<Integer> checksums = new ArrayList<>();
        tap.receive(
                (frame, index, outgoing) -> {
                    // ARP, too, has an octet there, of a random MAC address.
                    if (frame.readableBytes() > checksumAt
                            && frame.getUnsignedShort(12) == etherType
                            && frame.getByte(protocolAt) == 17) {
                        checksums.add(frame.getUnsignedShort(checksumAt));
                    }
                },
                100);
        assertThat(checksums).hasSize(1);
        assertThat(checksums.get(0) == 0).isEqualTo(family == IpFamily.IPV4);
    }

    @ParameterizedTest
    @EnumSource(IpFamily.class)
    void multicastReachesMembersAndNotTheSender(IpFamily family, Lab lab) {
        Endpoint group = Endpoint.of(family == IpFamily.IPV4 ? "225.0.0.50" : "ff02::50", PORT);
        UdpSocket sender = lab.closing(a.get(() -> UdpSocket.open(family)));
        UdpSocket receiver = lab.closing(b.get(() -> UdpSocket.open(family)));
        for (UdpSocket socket : List.of(sender, receiver)) {
            socket.reuseAddress();
            socket.bind(family == IpFamily.IPV4 ? Endpoint.of("0.0.0.0", PORT) : Endpoint.of("::", PORT));
        }
        sender.multicast().join(group, a.index("eth0"));
        sender.multicast().sendOn(a.index("eth0"));
        sender.multicast().loop(false);
        sender.multicast().hops(1);
        receiver.multicast().join(group, b.index("eth0"));
        assertThat(sender.send(say("all"), group.withScope(a.index("eth0")))).isEqualTo(3);
        receive(receiver, 1);
        assertThat(sender.receive(recorder, 10)).isZero();
        receiver.multicast().leave(group, b.index("eth0"));
        sender.send(say("all"), group.withScope(a.index("eth0")));
        // The unicast that follows shows that nothing came before it.
        sender.send(say("you"), of(b, family));
        receive(receiver, 2);
        assertThat(received.get(1)).startsWith("you");
    }

    @Test
    void linkLocalSourceCarriesItsInterface(Lab lab) {
        UdpSocket sender = lab.closing(a.get(() -> UdpSocket.open(IpFamily.IPV6)));
        UdpSocket receiver = lab.closing(b.get(() -> UdpSocket.open(IpFamily.IPV6)));
        receiver.bind(Endpoint.of("::", PORT));
        List<Integer> scopes = new ArrayList<>();
        int interfaceB = b.index("eth0");
        Endpoint local = b.route(rtnetlink -> rtnetlink.addresses().stream()
                .filter(address -> address.address().isLinkLocalAddress())
                .map(address -> Endpoint.of(address.address(), PORT))
                .findFirst()
                .orElseThrow());
        assertThat(sender.send(say("x"), local.withScope(a.index("eth0")))).isEqualTo(1);
        Lab.eventually(
                Duration.ofSeconds(5),
                () -> receiver.receive((data, high, low, port, scope) -> scopes.add(scope), 10) > 0,
                "the datagram arrives");
        assertThat(scopes).containsExactly(interfaceB);
    }

    @Test
    void budgetLeavesTheRestAndBatchesKeepOrder(Lab lab) {
        UdpSocket sender = open(lab, a, IpFamily.IPV4);
        UdpSocket receiver = open(lab, b, IpFamily.IPV4);
        receiver.receiveBuffer(1 << 20);
        for (int i = 0; i < 100; i++) {
            sender.send(say("n" + i), of(b, IpFamily.IPV4));
        }
        assertThat(receiver.receive(recorder, 10)).isEqualTo(10);
        receive(receiver, 100);
        for (int i = 0; i < 100; i++) {
            assertThat(received.get(i)).startsWith("n" + i + " ");
        }
    }

    @Test
    void handlerThatThrowsLosesOnlyItsOwnDatagram(Lab lab) {
        UdpSocket sender = open(lab, a, IpFamily.IPV4);
        UdpSocket receiver = open(lab, b, IpFamily.IPV4);
        for (String text : List.of("one", "two", "three")) {
            sender.send(say(text), of(b, IpFamily.IPV4));
        }
        Lab.eventually(Duration.ofSeconds(5), () -> throwingReceiveFails(receiver), "the first datagram arrives");
        receive(receiver, 2);
        assertThat(received)
                .satisfiesExactly(
                        second -> assertThat(second).startsWith("two"),
                        third -> assertThat(third).startsWith("three"));
    }

    @Test
    void handlerMayCloseItsSocket(Lab lab) {
        UdpSocket sender = open(lab, a, IpFamily.IPV4);
        UdpSocket receiver = open(lab, b, IpFamily.IPV4);
        sender.send(say("last"), of(b, IpFamily.IPV4));
        sender.send(say("too late"), of(b, IpFamily.IPV4));
        Lab.eventually(
                Duration.ofSeconds(5),
                () -> receiver.receive((data, high, low, port, scope) -> receiver.close(), 10) == 1,
                "the first datagram closes the socket");
        assertThatThrownBy(receiver::fd).isInstanceOf(IllegalStateException.class);
    }

    private static boolean throwingReceiveFails(UdpSocket receiver) {
        try {
            receiver.receive(
                    (data, high, low, port, scope) -> {
                        throw new IllegalStateException("on purpose");
                    },
                    10);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void emptyDatagramIsADatagramAndALongOneIsDroppedAndCounted(Lab lab) {
        UdpSocket sender = open(lab, a, IpFamily.IPV4);
        UdpSocket receiver = lab.closing(b.get(() -> UdpSocket.open(IpFamily.IPV4, 4, 16)));
        receiver.bind(of(b, IpFamily.IPV4));
        sender.send(say(""), of(b, IpFamily.IPV4));
        sender.send(say("seventeen octets!"), of(b, IpFamily.IPV4));
        sender.send(say("end"), of(b, IpFamily.IPV4));
        receive(receiver, 2);
        assertThat(received.get(0)).startsWith(" from");
        assertThat(received.get(1)).startsWith("end");
        assertThat(receiver.truncated()).isEqualTo(1);
    }

    @Test
    void firewallDropAndMissingRouteAreValues(Lab lab) {
        UdpSocket sender = open(lab, a, IpFamily.IPV4);
        assertThat(sender.send(say("x"), Endpoint.of("192.0.2.1", 9))).isEqualTo(-Errno.ENETUNREACH);
        a.nft("""
                table inet t {
                    chain c {
                        type filter hook output priority 0;
                        udp dport 3780 drop
                    }
                }
                """);
        assertThat(sender.send(say("x"), of(b, IpFamily.IPV4))).isEqualTo(-Errno.EPERM);
    }

    @Test
    void takenPortAndForeignAddressSayWhich(Lab lab) {
        open(lab, a, IpFamily.IPV4);
        assertThatThrownBy(() -> open(lab, a, IpFamily.IPV4))
                .isInstanceOf(LinuxException.class)
                .hasMessage("bind: EADDRINUSE (Address already in use): 10.0.0.1:3780");
        UdpSocket socket = lab.closing(a.get(() -> UdpSocket.open(IpFamily.IPV4)));
        assertThatThrownBy(() -> socket.bind(Endpoint.of("10.0.0.9", 1))).hasMessageContaining("EADDRNOTAVAIL");
        assertThatThrownBy(() -> socket.bindToDevice("eth9"))
                .hasMessageContaining("setsockopt(SO_BINDTODEVICE): ENODEV")
                .hasMessageContaining("eth9");
    }

    @Test
    void deviceBoundSocketHearsOnlyItsDevice(Lab lab) {
        lab.veth(a, "eth1", b, "eth1");
        UdpSocket receiver = lab.closing(b.get(() -> UdpSocket.open(IpFamily.IPV4)));
        receiver.bindToDevice("eth1");
        receiver.bind(Endpoint.of("0.0.0.0", PORT));
        UdpSocket all = lab.closing(b.get(() -> UdpSocket.open(IpFamily.IPV4)));
        all.bind(Endpoint.of("10.0.0.2", PORT + 1));
        UdpSocket sender = open(lab, a, IpFamily.IPV4);
        sender.send(say("wrong wire"), of(b, IpFamily.IPV4));
        sender.send(say("marker"), of(b, IpFamily.IPV4).withPort(PORT + 1));
        receive(all, 1);
        assertThat(receiver.receive(recorder, 10)).isZero();
    }

    @Test
    void buffersPassTheSystemLimitIfPrivileged(Lab lab) {
        Assumptions.assumeFalse(Capabilities.read().userNamespace(), "a user namespace is held to rmem_max");
        UdpSocket socket = open(lab, a, IpFamily.IPV4);
        assertThat(socket.receiveBuffer(16 << 20)).isEqualTo(32 << 20);
        assertThat(socket.sendBuffer(16 << 20)).isEqualTo(32 << 20);
    }

    @Test
    void kernelChoosesAPort(Lab lab) {
        UdpSocket socket = lab.closing(a.get(() -> UdpSocket.open(IpFamily.IPV6)));
        socket.bind(Endpoint.of("fd00::1", 0));
        assertThat(socket.localEndpoint().port()).isPositive();
        assertThat(socket.localEndpoint().withPort(0)).isEqualTo(Endpoint.of("fd00::1", 0));
    }
}
