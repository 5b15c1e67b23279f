// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.OURS;
import static io.keepstate.vrrp.Packets.packet;
import static io.keepstate.vrrp.Packets.receive;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.Datagrams;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Reception;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/**
 * Receiving, sentence by sentence: RFC 9568 section 7.1 and RFC 3768 section 7.1, and what keepalived adds for unicast.
 */
class Section7Test {

    private static final int IP = 20;
    private static final IpAddress GROUP = AddressFamily.IPV4.vrrpGroup();
    private static final VirtualRouterConfig V3 = Bench.config(Version.V3).build();
    private static final VirtualRouterConfig V2 = Bench.config(Version.V2).build();

    private static Reception heard(VirtualRouterConfig config, ByteBuf packet) {
        return receive(new AdvertisementReceiver(config), packet);
    }

    private static ByteBuf withTtl(int ttl) {
        return Packets.changed(V3, it -> it.setByte(8, ttl));
    }

    private static VirtualRouterConfig unicast(boolean checkSource, UnicastPeer... peers) {
        return Bench.config(Version.V3)
                .transport(new Transport.Unicast(List.of(peers), OptionalInt.empty(), checkSource))
                .build();
    }

    @Test
    void rfc9568_section_7_1_the_ttl_must_be_255() {
        for (int ttl = 0; ttl < 255; ttl++) {
            assertThat(heard(V3, withTtl(ttl))).isEqualTo(RejectReason.BAD_TTL);
        }
        assertThat(heard(V3, withTtl(255))).isInstanceOf(Heard.class);
    }

    @Test
    void rfc9568_section_7_1_the_hop_limit_must_be_255_and_must_be_known() {
        VirtualRouterConfig config = VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .virtualRouterId(51)
                .address("fe80::100/64")
                .build();
        ByteBuf payload = packet(config, 200, Datagrams.SOURCE6, AddressFamily.IPV6.vrrpGroup());
        for (int hopLimit : new int[] {255, 254, 64, 0, -1}) {
            var envelope = Datagrams.envelope(payload, AddressFamily.IPV6);
            IpAddress group = AddressFamily.IPV6.vrrpGroup();
            envelope.setIpv6(
                    payload, Datagrams.SOURCE6.high(), Datagrams.SOURCE6.low(), group.high(), group.low(), hopLimit);
            Reception reception = new AdvertisementReceiver(config).receive(envelope);
            if (hopLimit == 255) {
                assertThat(reception).isInstanceOf(Heard.class);
            } else {
                assertThat(reception).isEqualTo(RejectReason.BAD_TTL);
            }
        }
    }

    @Test
    void rfc9568_section_7_1_the_version_must_be_the_one_configured() {
        assertThat(heard(V3, packet(V2, 200, HIGHER, GROUP))).isEqualTo(RejectReason.BAD_VERSION);
        assertThat(heard(V2, packet(V3, 200, HIGHER, GROUP))).isEqualTo(RejectReason.BAD_VERSION);
    }

    @Test
    void rfc9568_section_7_1_the_packet_must_be_complete() {
        ByteBuf packet = packet(V3, 200, HIGHER, GROUP);
        for (int length = IP; length < packet.readableBytes(); length++) {
            ByteBuf cut = packet.copy(0, length).setShort(2, length);
            assertThat(heard(V3, cut))
                    .isEqualTo(length < IP + 8 ? RejectReason.TRUNCATED : RejectReason.LENGTH_MISMATCH);
        }
    }

    @Test
    void rfc9568_section_7_1_the_checksum_must_be_right() {
        ByteBuf packet = packet(V3, 200, HIGHER, GROUP);
        for (int bit = 0; bit < 16; bit++) {
            ByteBuf wrong = packet.copy();
            wrong.setShort(IP + 6, wrong.getUnsignedShort(IP + 6) ^ 1 << bit);
            assertThat(heard(V3, wrong)).isEqualTo(RejectReason.BAD_CHECKSUM);
        }
    }

    @Test
    void rfc9568_section_7_1_the_vrid_must_be_configured_on_the_interface() {
        for (int vrid = 0; vrid <= 255; vrid++) {
            int octet = vrid;
            Reception reception = heard(V3, Packets.changed(V3, it -> it.setByte(IP + 1, octet)));
            if (vrid == 51) {
                assertThat(reception).isInstanceOf(Heard.class);
            } else {
                assertThat(reception).isEqualTo(RejectReason.WRONG_VRID);
            }
        }
    }

    @Test
    void rfc9568_section_7_1_another_list_of_addresses_is_heard_all_the_same() {
        Advertisement other = Datagrams.version3("192.0.2.7", "192.0.2.8");
        assertThat(heard(V3, Datagrams.packet(other))).isInstanceOf(Heard.class);
    }

    @Test
    void rfc9568_section_7_1_another_interval_is_heard_all_the_same() {
        assertThat(heard(V3, Packets.changed(V3, it -> it.setShort(IP + 4, 250))))
                .isInstanceOf(Heard.class);
    }

    @Test
    void rfc9568_errata_8299_and_8301_no_addresses_and_no_interval_are_ignored() {
        assertThat(heard(V3, Packets.changed(V3, it -> it.setByte(IP + 3, 0)))).isEqualTo(RejectReason.COUNT_ZERO);
        assertThat(heard(V3, Packets.changed(V3, it -> it.setShort(IP + 4, 0)))).isEqualTo(RejectReason.INTERVAL_ZERO);
        assertThat(heard(V2, Packets.changed(V2, it -> it.setByte(IP + 5, 0)))).isEqualTo(RejectReason.INTERVAL_ZERO);
    }

    @Test
    void rfc3768_section_7_1_another_interval_must_be_discarded() {
        for (int seconds = 2; seconds <= 255; seconds++) {
            int octet = seconds;
            assertThat(heard(V2, Packets.changed(V2, it -> it.setByte(IP + 5, octet))))
                    .isEqualTo(RejectReason.INTERVAL_MISMATCH);
        }
    }

    @Test
    void rfc2338_section_7_1_the_authentication_must_be_ours() {
        VirtualRouterConfig password = Bench.passwordConfig("zzzz").build();
        assertThat(heard(V2, packet(password, 200, HIGHER, GROUP))).isEqualTo(RejectReason.AUTH_TYPE_MISMATCH);
        assertThat(heard(password, packet(V2, 200, HIGHER, GROUP))).isEqualTo(RejectReason.AUTH_TYPE_MISMATCH);
        for (String other : List.of("zzzy", "zzz", "zzzzz", "ZZZZ", "")) {
            VirtualRouterConfig theirs = Bench.passwordConfig(other).build();
            assertThat(heard(password, packet(theirs, 200, HIGHER, GROUP))).isEqualTo(RejectReason.WRONG_PASSWORD);
        }
        VirtualRouterConfig longer = Bench.passwordConfig("zzzzzzzz-and-more").build();
        VirtualRouterConfig cut = Bench.passwordConfig("zzzzzzzz").build();
        assertThat(heard(longer, packet(cut, 200, HIGHER, GROUP))).isInstanceOf(Heard.class);
    }

    @Test
    void rfc9568_section_8_4_2_a_router_of_both_versions_hears_both() {
        VirtualRouterConfig both = Bench.config(Version.V3).dualVersion(true).build();
        AdvertisementReceiver receiver = new AdvertisementReceiver(both);
        Reception three = receive(receiver, packet(V3, 200, HIGHER, GROUP));
        Reception two = receive(receiver, packet(V2, 200, HIGHER, GROUP));
        assertThat(((Heard) three).advertisement().version()).isEqualTo(Version.V3);
        assertThat(((Heard) two).advertisement().version()).isEqualTo(Version.V2);
        assertThat(receive(receiver, packet(V3, 200, HIGHER, GROUP)))
                .as("each is remembered")
                .isSameAs(three);
        assertThat(receive(receiver, packet(V2, 200, HIGHER, GROUP))).isSameAs(two);
        assertThat(receive(receiver, Packets.changed(V2, it -> it.setByte(IP + 5, 7))))
                .as("its interval is converted, not compared")
                .isInstanceOf(Heard.class);
    }

    @Test
    void version_2_over_ipv6_is_heard_where_it_is_configured() {
        VirtualRouterConfig config = VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V2)
                .virtualRouterId(51)
                .address("fe80::100/64")
                .build();
        ByteBuf payload = packet(config, 200, Datagrams.SOURCE6, AddressFamily.IPV6.vrrpGroup());
        assertThat(new AdvertisementReceiver(config).receive(Datagrams.envelope(payload, AddressFamily.IPV6)))
                .isInstanceOf(Heard.class);
    }

    @Test
    void in_multicast_only_the_group_is_listened_to_and_it_may_be_another_one() {
        IpAddress other = IpAddress.parse("224.0.0.99");
        VirtualRouterConfig config = Bench.config(Version.V3)
                .transport(new Transport.Multicast(Optional.of(other)))
                .build();
        assertThat(heard(V3, packet(V3, 200, HIGHER, other))).isEqualTo(RejectReason.BAD_DESTINATION);
        assertThat(heard(V3, packet(V3, 200, HIGHER, OURS))).isEqualTo(RejectReason.BAD_DESTINATION);
        assertThat(heard(config, packet(V3, 200, HIGHER, GROUP))).isEqualTo(RejectReason.BAD_DESTINATION);
        assertThat(heard(config, packet(V3, 200, HIGHER, other))).isInstanceOf(Heard.class);
    }

    @Test
    void in_unicast_no_group_is_listened_to_and_the_ttl_may_be_any() {
        VirtualRouterConfig config = unicast(false, UnicastPeer.of(HIGHER));
        assertThat(heard(config, packet(V3, 200, HIGHER, GROUP))).isEqualTo(RejectReason.BAD_DESTINATION);
        assertThat(heard(config, packet(V3, 200, HIGHER, OURS).setByte(8, 1))).isInstanceOf(Heard.class);
        assertThat(heard(config, packet(V3, 200, LOWER, OURS))).as("any source").isInstanceOf(Heard.class);
    }

    @Test
    void the_source_of_unicast_must_be_a_peer_where_that_is_checked() {
        VirtualRouterConfig config = unicast(true, UnicastPeer.of(HIGHER));
        assertThat(heard(config, packet(V3, 200, LOWER, OURS))).isEqualTo(RejectReason.UNKNOWN_PEER);
        assertThat(heard(config, packet(V3, 200, HIGHER, OURS))).isInstanceOf(Heard.class);
    }

    @Test
    void a_ttl_range_of_a_peer_is_that_peers_and_implies_the_check_of_the_source() {
        VirtualRouterConfig config =
                unicast(false, new UnicastPeer(HIGHER, OptionalInt.of(62), OptionalInt.of(64)), UnicastPeer.of(LOWER));
        for (int ttl : new int[] {61, 62, 64, 65}) {
            Reception reception = heard(config, packet(V3, 200, HIGHER, OURS).setByte(8, ttl));
            assertThat(reception instanceof Heard).isEqualTo(ttl == 62 || ttl == 64);
        }
        assertThat(heard(config, packet(V3, 200, LOWER, OURS).setByte(8, 1))).isInstanceOf(Heard.class);
        assertThat(heard(config, packet(V3, 200, IpAddress.parse("192.0.2.77"), OURS)))
                .isEqualTo(RejectReason.UNKNOWN_PEER);
    }

    @Test
    void in_unicast_the_old_checksum_of_keepalived_is_recognised() {
        VirtualRouterConfig config = unicast(false, UnicastPeer.of(HIGHER));
        Advertisement base = Packets.advertisement(V3, 200);
        Advertisement old = new Advertisement(
                Version.V3, 51, 200, 100, base.addresses(), Authentication.NONE, ChecksumForm.PSEUDO_HEADER_OF_GROUP);
        Reception reception = heard(config, Datagrams.packet(old, HIGHER, OURS));
        assertThat(((Heard) reception).advertisement().checksumForm()).isEqualTo(ChecksumForm.PSEUDO_HEADER_OF_GROUP);
    }

    @Test
    void the_source_of_multicast_may_be_anywhere_unless_it_is_to_be_on_the_link() {
        AdvertisementReceiver receiver = new AdvertisementReceiver(V3);
        ByteBuf packet = packet(V3, 200, IpAddress.parse("203.0.113.9"), GROUP);
        assertThat(receive(receiver, packet)).isInstanceOf(Heard.class);
        receiver.requireOnLinkSource(address -> address.toString().startsWith("192.0.2."));
        assertThat(receive(receiver, packet)).as("even when heard before").isEqualTo(RejectReason.SOURCE_NOT_ON_LINK);
        assertThat(receive(receiver, packet(V3, 200, HIGHER, GROUP))).isInstanceOf(Heard.class);
    }

    @Test
    void unicast_peers_may_be_anywhere_unless_they_are_to_be_on_the_link() {
        IpAddress far = IpAddress.parse("203.0.113.9");
        AdvertisementReceiver receiver =
                new AdvertisementReceiver(unicast(true, UnicastPeer.of(far), UnicastPeer.of(HIGHER)));
        assertThat(receive(receiver, packet(V3, 200, far, OURS))).isInstanceOf(Heard.class);
        receiver.requireOnLinkSource(IpPrefix.parse("192.0.2.0/24")::contains);
        assertThat(receive(receiver, packet(V3, 200, far, OURS))).isEqualTo(RejectReason.SOURCE_NOT_ON_LINK);
        assertThat(receive(receiver, packet(V3, 200, LOWER, OURS))).isEqualTo(RejectReason.UNKNOWN_PEER);
        assertThat(receive(receiver, packet(V3, 200, HIGHER, OURS))).isInstanceOf(Heard.class);
        assertThat(receiver.rejects().total()).isEqualTo(2);
        receiver.requireOnLinkSource(null);
        assertThat(receive(receiver, packet(V3, 200, far, OURS))).isInstanceOf(Heard.class);
    }

    @Test
    void nothing_is_kept_of_a_signed_packet_that_fails_a_later_check() {
        VirtualRouterConfig config = Bench.config(Version.V2)
                .authentication(Authentication.header("zzzz"))
                .build();
        AdvertisementReceiver receiver = new AdvertisementReceiver(config);
        receiver.requireOnLinkSource(address -> false);
        ByteBuf packet = packet(config, 200, HIGHER, GROUP);
        assertThat(receive(receiver, packet)).isEqualTo(RejectReason.SOURCE_NOT_ON_LINK);
        receiver.requireOnLinkSource(address -> true);
        assertThat(receive(receiver, packet))
                .as("its sequence number is still new")
                .isInstanceOf(Heard.class);
    }

    @Test
    void a_signed_message_that_says_the_same_gives_the_same_object() {
        VirtualRouterConfig config = Bench.config(Version.V2)
                .authentication(Authentication.header("zzzz"))
                .build();
        AdvertisementReceiver sender = new AdvertisementReceiver(config);
        AdvertisementReceiver receiver = new AdvertisementReceiver(config);
        Advertisement advertisement = Packets.advertisement(config, 200);
        Reception first =
                receive(receiver, Datagrams.packet(advertisement, HIGHER, GROUP, sender.authenticator(), Packets.WALL));
        Reception second =
                receive(receiver, Datagrams.packet(advertisement, HIGHER, GROUP, sender.authenticator(), Packets.WALL));
        assertThat(first).isInstanceOf(Heard.class);
        assertThat(second).isSameAs(first);
    }

    @Test
    void hearing_the_same_unsigned_message_again_allocates_nothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        AdvertisementReceiver receiver = new AdvertisementReceiver(V3);
        Envelope envelope = Datagrams.ipv4(packet(V3, 200, HIGHER, GROUP));
        int rounds = 20_000;
        for (int i = 0; i < rounds; i++) {
            receiver.receive(envelope);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < rounds; i++) {
            receiver.receive(envelope);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("octets for %d packets", rounds).isLessThan(rounds);
    }
}
