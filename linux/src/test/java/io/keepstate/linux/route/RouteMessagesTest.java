// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteMessagesTest {
    private final ByteBuf buffer = Unpooled.buffer();
    private final RequestWriter writer = new RequestWriter(buffer);

    @Test
    void linkIsReadWithItsKindAndMaster() {
        linkMessage();
        Link link = RouteMessages.link(buffer, 0, buffer.writerIndex());
        assertThat(link)
                .isEqualTo(new Link(
                        7, "eth0", 0x11043, MacAddress.parse("02:00:00:00:00:2a"), 1500, 3, 9, "veth", null, 0));
        assertThat(link.isUp()).isTrue();
        assertThat(link.isRunning()).isTrue();
        assertThat(link.hasCarrier()).isTrue();
    }

    private void linkMessage() {
        writer.begin(RouteMessages.RTM_NEWLINK, 0, 1)
                .interfaceHeader(7, 0x11043, 0)
                .attribute(RouteMessages.IFLA_IFNAME, "eth0")
                .attribute(RouteMessages.IFLA_ADDRESS, MacAddress.parse("02:00:00:00:00:2a"))
                .attribute(RouteMessages.IFLA_MTU, 1500)
                .attribute(RouteMessages.IFLA_MASTER, 3)
                .attribute(RouteMessages.IFLA_LINK, 9);
        int info = writer.open(RouteMessages.IFLA_LINKINFO);
        writer.attribute(RouteMessages.IFLA_INFO_KIND, "veth").close(info).end();
    }

    @Test
    void bridgePortIsNotALinkThatCameOrWent() {
        linkMessage();
        assertThat(RouteMessages.isBridgePort(buffer, 0, buffer.writerIndex())).isFalse();
        buffer.setByte(RouteMessages.NLMSG_HEADER, 7);
        assertThat(RouteMessages.isBridgePort(buffer, 0, buffer.writerIndex())).isTrue();
    }

    @Test
    void addressWithPeerIsReadAsLocalAndPeer() throws UnknownHostException {
        InetAddress local = InetAddress.getByName("10.0.0.1");
        InetAddress peer = InetAddress.getByName("10.0.0.2");
        writer.begin(RouteMessages.RTM_NEWADDR, 0, 1)
                .octet(2)
                .octet(32)
                .octet(0x80)
                .octet(253)
                .word(4)
                .attribute(RouteMessages.IFA_ADDRESS, peer)
                .attribute(RouteMessages.IFA_LOCAL, local)
                .attribute(RouteMessages.IFA_LABEL, "eth0:1")
                .attributeOctet(RouteMessages.IFA_PROTO, 18)
                .end();
        InterfaceAddress address = RouteMessages.address(buffer, 0, buffer.writerIndex());
        assertThat(address)
                .isEqualTo(InterfaceAddress.builder(4, local, 32)
                        .peer(peer)
                        .label("eth0:1")
                        .scope(InterfaceAddress.SCOPE_LINK)
                        .flags(0x80)
                        .protocol(InterfaceAddress.PROTOCOL_VRRP)
                        .build());
    }

    @Test
    void truncatedAndRandomMessagesNeverThrow() {
        linkMessage();
        for (int end = 0; end <= buffer.writerIndex(); end++) {
            RouteMessages.link(buffer, 0, end);
            RouteMessages.address(buffer, 0, end);
        }
        Random random = new Random(1);
        byte[] noise = new byte[96];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(noise);
            ByteBuf message = Unpooled.wrappedBuffer(noise);
            RouteMessages.forEach(message, (in, type, at, end) -> {});
            RouteMessages.link(message, 0, noise.length);
            RouteMessages.address(message, 0, noise.length);
        }
    }

    @Test
    void messagesOfOneDatagramAreHandedOverOneByOne() {
        writer.begin(1, 0, 5).octet(1).end();
        writer.begin(2, 0, 6).end();
        List<Integer> types = new ArrayList<>();
        RouteMessages.forEach(buffer, (in, type, at, end) -> types.add(type));
        assertThat(types).containsExactly(1, 2);
    }

    @Test
    void ethernetAddressIsParsedAndPrinted() {
        assertThat(MacAddress.parse("00:00:5E:00:01:33")).hasToString("00:00:5e:00:01:33");
        assertThatThrownBy(() -> MacAddress.parse("0:0:5e:0:1:33")).hasMessageContaining("write 00:00:5e:00:01:33");
    }

    @Test
    void impossibleAddressIsRefused() throws UnknownHostException {
        InetAddress ip = InetAddress.getByName("10.0.0.1");
        assertThatThrownBy(() -> InterfaceAddress.of(1, ip, 33)).hasMessageContaining("0..32");
        assertThatThrownBy(() ->
                        InterfaceAddress.builder(1, ip, 24).lifetime(10, 5).build())
                .hasMessageContaining("10 s");
    }
}
