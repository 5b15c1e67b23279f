// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.UnicastPeer;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transports other than the group of the RFC, between two of our hosts. */
@ExtendWith(LabExtension.class)
class UnicastKernelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final int AUTHENTICATION_HEADER = 51;
    private static final String ADDRESS = "10.9.0.100";
    private static final String ADDRESS6 = "2001:db8:9::100";

    private Lab lab;
    private LabNamespace a;
    private LabNamespace b;
    private Wire wireOfB;

    @BeforeEach
    void cable(Lab given) {
        lab = given;
        a = lab.namespace("a");
        b = lab.namespace("b");
        lab.veth(a, "eth0", b, "eth0");
        a.address("eth0", "10.9.0.1/24");
        b.address("eth0", "10.9.0.2/24");
        a.address("eth0", "2001:db8:9::1/64");
        b.address("eth0", "2001:db8:9::2/64");
        a.awaitLinkLocal("eth0", PATIENCE);
        b.awaitLinkLocal("eth0", PATIENCE);
        wireOfB = lab.closing(new Wire(b, "eth0"));
    }

    @Test
    void to_each_peer_in_order_with_one_identification_and_the_configured_ttl() {
        Transport toThree = new Transport.Unicast(
                List.of(
                        UnicastPeer.of(IpAddress.parse("10.9.0.2")),
                        UnicastPeer.of(IpAddress.parse("10.9.0.3")),
                        UnicastPeer.of(IpAddress.parse("10.9.0.4"))),
                OptionalInt.of(7),
                true);
        // Neighbours that do not exist answer no ARP: their entries are set by hand.
        for (String neighbour : List.of("10.9.0.3", "10.9.0.4")) {
            a.run("ip", "neighbour", "add", neighbour, "lladdr", mac(b), "dev", "eth0");
        }
        pair(
                it -> it.transport(toThree).address(ADDRESS + "/24"),
                it -> it.transport(to("10.9.0.1")).address(ADDRESS + "/24"),
                ADDRESS);
        Lab.eventually(PATIENCE, () -> fromA().size() >= 30, "advertisements arrive");
        List<Wire.Frame> heard = fromA();
        for (int i = 0; i < 30; i += 3) {
            assertThat(heard.subList(i, i + 3).stream()
                            .map(frame -> frame.destination().toString()))
                    .containsExactly("10.9.0.2", "10.9.0.3", "10.9.0.4");
            assertThat(heard.subList(i, i + 3).stream()
                            .map(Wire.Frame::identification)
                            .distinct())
                    .hasSize(1);
        }
        assertThat(heard).allSatisfy(frame -> {
            assertThat(frame.hopLimit()).isEqualTo(7);
            assertThat(frame.trafficClass()).isEqualTo(0xc0);
        });
    }

    @Test
    void over_ipv6_between_global_addresses() {
        pair(
                it -> it.transport(to("2001:db8:9::2")).address(ADDRESS6 + "/64"),
                it -> it.transport(to("2001:db8:9::1")).address(ADDRESS6 + "/64"),
                ADDRESS6);
        Lab.eventually(PATIENCE, () -> fromA().size() >= 3, "advertisements arrive");
        assertThat(fromA()).allSatisfy(frame -> {
            assertThat(frame.source()).isEqualTo(IpAddress.parse("2001:db8:9::1"));
            assertThat(frame.destination()).isEqualTo(IpAddress.parse("2001:db8:9::2"));
            assertThat(frame.hopLimit()).isEqualTo(255);
            assertThat(frame.trafficClass()).isEqualTo(0xc0);
        });
    }

    @Test
    void from_a_configured_address_that_only_peers_may_use_within_their_ttl() {
        a.address("eth0", "10.8.0.1/24");
        b.address("eth0", "10.8.0.2/24");
        pair(
                it -> it.transport(strictly("10.8.0.2"))
                        .sourceAddress(IpAddress.parse("10.8.0.1"))
                        .address(ADDRESS + "/24"),
                it -> it.transport(strictly("10.8.0.1"))
                        .sourceAddress(IpAddress.parse("10.8.0.2"))
                        .address(ADDRESS + "/24"),
                ADDRESS);
        Lab.eventually(PATIENCE, () -> fromA().size() >= 3, "advertisements arrive");
        assertThat(fromA()).allSatisfy(frame -> assertThat(frame.source()).isEqualTo(IpAddress.parse("10.8.0.1")));
    }

    @Test
    void signed_by_an_authentication_header_to_the_group() {
        UnaryOperator<VirtualRouterConfigBuilder> signed = it -> it.version(Version.V2)
                .interval(Duration.ofSeconds(1))
                .authentication(Authentication.header("zzzz"))
                .address(ADDRESS + "/24");
        pair(signed, signed, ADDRESS);
        assertThat(wireOfB.packets(AUTHENTICATION_HEADER)).isNotEmpty().allSatisfy(frame -> {
            assertThat(frame.identification()).isNotZero();
            assertThat(frame.destination()).isEqualTo(IpAddress.parse("224.0.0.18"));
        });
    }

    @Test
    void signed_by_an_authentication_header_to_a_peer() {
        pair(it -> signedTo(it, "10.9.0.2", "zzzz"), it -> signedTo(it, "10.9.0.1", "zzzz"), ADDRESS);
        assertThat(wireOfB.packets(AUTHENTICATION_HEADER)).isNotEmpty();
    }

    @Test
    void with_different_keys_neither_believes_the_other() {
        Host high = lab.closing(Host.start(a, group(200, it -> signedTo(it, "10.9.0.2", "zzzz"))));
        Host low = lab.closing(Host.start(b, group(50, it -> signedTo(it, "10.9.0.1", "xxxx"))));
        Lab.eventually(PATIENCE, () -> high.isActive() && low.isActive(), "both are active");
    }

    @Test
    void to_another_multicast_group_from_a_configured_address() {
        IpAddress group = IpAddress.parse("239.1.2.3");
        UnaryOperator<VirtualRouterConfigBuilder> grouped =
                it -> it.transport(new Transport.Multicast(Optional.of(group))).address(ADDRESS + "/24");
        pair(
                it -> grouped.apply(it).sourceAddress(IpAddress.parse("10.9.0.1")),
                it -> grouped.apply(it).sourceAddress(IpAddress.parse("10.9.0.2")),
                ADDRESS);
        Lab.eventually(PATIENCE, () -> fromA().size() >= 3, "advertisements arrive");
        assertThat(fromA()).allSatisfy(frame -> assertThat(frame.destination()).isEqualTo(group));
    }

    /** Elects the one in a, stops it, sees the other take over, and lets the first one come back as what arrived is looked at. */
    private void pair(
            UnaryOperator<VirtualRouterConfigBuilder> ofA,
            UnaryOperator<VirtualRouterConfigBuilder> ofB,
            String address) {
        Host low = lab.closing(Host.start(b, group(50, ofB)));
        Host first = Host.start(a, group(200, ofA));
        awaitElected(first, low, address);
        first.close();
        Lab.eventually(PATIENCE, () -> low.isActive() && low.holds(address), "b takes over from a that resigned");
        wireOfB.forget();
        Host again = lab.closing(Host.start(a, group(200, ofA)));
        awaitElected(again, low, address);
    }

    private static void awaitElected(Host high, Host low, String address) {
        Lab.eventually(
                PATIENCE,
                () -> high.isActive() && high.holds(address) && low.state() == State.BACKUP && !low.holds(address),
                "the one of higher priority is elected");
    }

    private List<Wire.Frame> fromA() {
        return wireOfB.packets(Envelope.PROTOCOL);
    }

    private static String mac(LabNamespace namespace) {
        return String.valueOf(namespace.link("eth0").mac());
    }

    private static VirtualRouterConfigBuilder signedTo(VirtualRouterConfigBuilder builder, String peer, String key) {
        return builder.version(Version.V2)
                .interval(Duration.ofSeconds(1))
                .authentication(Authentication.header(key))
                .transport(to(peer))
                .address(ADDRESS + "/24");
    }

    private static Transport to(String peer) {
        return Transport.Unicast.to(IpAddress.parse(peer));
    }

    private static Transport strictly(String peer) {
        UnicastPeer near = new UnicastPeer(IpAddress.parse(peer), OptionalInt.of(255), OptionalInt.of(255));
        return new Transport.Unicast(List.of(near), OptionalInt.empty(), true);
    }

    private static SyncGroupConfig group(int priority, UnaryOperator<VirtualRouterConfigBuilder> more) {
        VirtualRouterConfigBuilder builder = VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .interval(Duration.ofMillis(100))
                .virtualRouterId(51)
                .priority(priority);
        return SyncGroupConfig.of(more.apply(builder).build());
    }
}
