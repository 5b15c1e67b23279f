// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.vrrp.AnnouncementPolicy;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.StaticEntries;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.TrackedObjects;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualMac;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.HmacAuthentication;
import io.keepstate.vrrp.codec.HmacKey;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.MacAddress;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two of our runtimes on a real network. */
@ExtendWith(LabExtension.class)
class VrrpRuntimeKernelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(12);

    /** The three protocols of this module. */
    enum Protocol {
        V2_PASSWORD("10.9.0.100") {
            @Override
            VirtualRouterConfigBuilder configure(VirtualRouterConfigBuilder builder) {
                return builder.version(Version.V2)
                        .authentication(Authentication.password("zzzz"))
                        .address("10.9.0.100/24")
                        .excludedAddress("2001:db8:9::100/64");
            }
        },
        V3_IPV4("10.9.0.100") {
            @Override
            VirtualRouterConfigBuilder configure(VirtualRouterConfigBuilder builder) {
                return builder.version(Version.V3)
                        .interval(Duration.ofMillis(100))
                        .address("10.9.0.100/32");
            }
        },
        V3_IPV6("fe80::5e:100") {
            @Override
            VirtualRouterConfigBuilder configure(VirtualRouterConfigBuilder builder) {
                return builder.version(Version.V3)
                        .interval(Duration.ofMillis(100))
                        .address("fe80::5e:100/64")
                        .address("2001:db8:9::100/64");
            }
        };

        final String address;

        Protocol(String address) {
            this.address = address;
        }

        abstract VirtualRouterConfigBuilder configure(VirtualRouterConfigBuilder builder);
    }

    @ParameterizedTest
    @EnumSource
    void two_routers_elect_hand_over_preempt_and_fail_over(Protocol protocol, Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        cable(lab, a, b);
        Ear earOfB = lab.closing(new Ear(b, "eth0"));
        IpAddress virtual = IpAddress.parse(protocol.address);

        Host low = lab.closing(Host.start(b, group(protocol, 50)));
        Host high = Host.start(a, group(protocol, 200));
        Lab.eventually(PATIENCE, () -> high.isActive() && high.holds(protocol.address), "a is elected");
        assertThat(low.state()).isEqualTo(State.BACKUP);
        assertThat(low.holds(protocol.address)).isFalse();
        MacAddress macOfA = mac(a);
        Lab.eventually(PATIENCE, () -> earOfB.count(virtual, macOfA) >= 10, "b hears two bursts of announcements");
        if (protocol == Protocol.V2_PASSWORD) {
            IpAddress excluded = IpAddress.parse("2001:db8:9::100");
            assertThat(high.holds("2001:db8:9::100")).isTrue();
            Lab.eventually(PATIENCE, () -> earOfB.count(excluded, macOfA) >= 10, "b hears of the excluded address");
        }

        high.close();
        assertThat(a.holds(protocol.address)).isFalse();
        Lab.eventually(PATIENCE, () -> low.isActive() && low.holds(protocol.address), "b takes over from a resigned a");

        Host again = Host.start(a, group(protocol, 200));
        Lab.eventually(
                PATIENCE,
                () -> again.isActive()
                        && again.holds(protocol.address)
                        && low.state() == State.BACKUP
                        && !low.holds(protocol.address),
                "a preempts b");

        again.crash();
        assertThat(a.holds(protocol.address))
                .as("a crashed node leaves its address")
                .isTrue();
        Lab.eventually(PATIENCE, () -> low.isActive() && low.holds(protocol.address), "b takes over from a dead a");

        // Whoever comes back removes what it left behind before it takes part.
        Host third = lab.closing(Host.start(a, group(protocol, 10)));
        assertThat(third.holds(protocol.address)).isFalse();
        assertThat(third.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void a_group_that_loses_one_leg_moves_as_a_whole(Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        LabNamespace lan = lab.namespace("switches");
        for (String leg : List.of("eth0", "eth1")) {
            lab.veth(a, leg, lan, "a-" + leg);
            lab.veth(b, leg, lan, "b-" + leg);
            lan.bridge("br-" + leg, "a-" + leg, "b-" + leg);
        }
        a.address("eth0", "10.9.0.1/24");
        b.address("eth0", "10.9.0.2/24");
        a.address("eth1", "10.8.0.1/24");
        b.address("eth1", "10.8.0.2/24");
        Host high = lab.closing(Host.start(a, twoLegs(200)));
        Lab.eventually(PATIENCE, high::isActive, "a is elected");
        Host low = lab.closing(Host.start(b, twoLegs(100)));

        lan.down("a-eth0");
        Lab.eventually(
                PATIENCE,
                () -> high.state() == State.FAULT && low.isActive() && low.holds("10.8.0.100"),
                "b takes both legs");
        assertThat(high.holds("10.9.0.100")).isFalse();
        assertThat(high.holds("10.8.0.100")).isFalse();

        lan.up("a-eth0");
        Lab.eventually(
                PATIENCE,
                () -> high.isActive()
                        && high.holds("10.9.0.100")
                        && high.holds("10.8.0.100")
                        && low.state() == State.BACKUP
                        && !low.holds("10.8.0.100"),
                "a takes both legs back");
    }

    @Test
    void addresses_where_no_advertisements_go_are_announced_again_and_again_if_wanted(Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        cable(lab, a, b);
        lab.veth(a, "eth1", b, "eth1");
        a.address("eth1", "10.8.0.1/24");
        b.up("eth1");
        Ear advertised = lab.closing(new Ear(b, "eth0"));
        Ear silent = lab.closing(new Ear(b, "eth1"));
        VirtualRouterConfig router = leg("E1", "eth0", 61, "10.9.0.100/24", 100).toBuilder()
                .excludedAddress(VirtualAddress.parse("10.8.0.100/24", "eth1"))
                .excludedAddress(VirtualAddress.parse("10.8.0.101/24", "eth1"))
                .announcements(AnnouncementPolicy.ONCE.withExtra(Duration.ofMillis(50), true))
                .build();
        Host host = Host.start(a, SyncGroupConfig.of(router));
        MacAddress mac = mac(a, "eth1");
        IpAddress first = IpAddress.parse("10.8.0.100");
        Lab.eventually(PATIENCE, () -> silent.count(first, mac) >= 5, "the first address is announced on and on");
        assertThat(silent.count(IpAddress.parse("10.8.0.101"), mac))
                .as("one of an interface is enough")
                .isEqualTo(1);
        assertThat(advertised.count(IpAddress.parse("10.9.0.100"), mac(a)))
                .as("advertisements do the same on eth0")
                .isEqualTo(1);
        host.close();
        long until = silent.count(first, mac);
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        assertThat(silent.count(first, mac)).as("after it is gone").isEqualTo(until);
    }

    @Test
    void a_missing_interface_is_one_clear_sentence(Lab lab) {
        LabNamespace a = lab.namespace("a");
        assertThatThrownBy(() -> Host.start(a, group(Protocol.V3_IPV4, 100)))
                .hasMessage("virtual router E1: there is no interface eth0; create it or correct the name");
    }

    @ParameterizedTest
    @EnumSource(names = {"V3_IPV4", "V3_IPV6"})
    void a_dynamic_interface_may_come_after_the_start_go_and_come_again(Protocol protocol, Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        TrackedObjects dynamic = new TrackedObjects(List.of(), List.of(), List.of(), List.of(), true);
        Host low = lab.closing(Host.start(a, dynamic, group(protocol, 100)));
        assertThat(low.state()).isEqualTo(State.FAULT);
        for (int times = 0; times < 2; times++) {
            cable(lab, a, b);
            Lab.eventually(PATIENCE, () -> low.isActive() && low.holds(protocol.address), "it is elected");
            try (Host high = Host.start(b, group(protocol, 200))) {
                Lab.eventually(PATIENCE, () -> low.state() == State.BACKUP && high.isActive(), "it hears another");
            }
            Lab.eventually(PATIENCE, low::isActive, "it is elected again");
            b.run("ip", "link", "delete", "eth0");
            Lab.eventually(PATIENCE, () -> low.state() == State.FAULT, "its interface is gone");
        }
    }

    @Test
    void a_virtual_mac_is_made_when_its_dynamic_interface_comes(Lab lab) {
        LabNamespace a = lab.namespace("a");
        TrackedObjects dynamic = new TrackedObjects(List.of(), List.of(), List.of(), List.of(), true);
        VirtualRouterConfig router = leg("E1", "eth0", 61, "10.9.0.100/24", 100).toBuilder()
                .virtualMac(new VirtualMac("vrrp.61", Optional.empty(), false))
                .build();
        Host host = lab.closing(Host.start(a, dynamic, SyncGroupConfig.of(router)));
        assertThat(host.state()).isEqualTo(State.FAULT);
        cable(lab, a, lab.namespace("b"));
        Lab.eventually(PATIENCE, () -> host.isActive() && host.holds("10.9.0.100"), "it is elected");
    }

    @Test
    void without_a_source_address_a_router_is_in_fault_until_it_gets_one(Lab lab) {
        LabNamespace a = lab.namespace("a");
        lab.veth(a, "eth0", lab.namespace("b"), "eth0");
        Host host = lab.closing(Host.start(a, group(Protocol.V3_IPV4, 100)));
        assertThat(host.state()).isEqualTo(State.FAULT);
        a.address("eth0", "10.9.0.1/24");
        Lab.eventually(PATIENCE, () -> host.isActive() && host.holds("10.9.0.100"), "it is elected");
    }

    @Test
    void what_is_said_and_what_is_checked_follow_a_configuration_that_changes_while_it_runs(Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        cable(lab, a, b);
        Host high = lab.closing(Host.start(a, SyncGroupConfig.of(leg("E1", "eth0", 61, "10.9.0.100/24", 200))));
        Lab.eventually(PATIENCE, high::isActive, "a is elected");
        Host low = lab.closing(Host.start(b, SyncGroupConfig.of(leg("E1", "eth0", 61, "10.9.0.100/24", 100))));
        HmacAuthentication hmac = HmacAuthentication.of(HmacKey.parse(1, "one ".repeat(8)));
        low.configure(leg("E1", "eth0", 61, "10.9.0.100/24", 100).toBuilder()
                .hmac(hmac)
                .build());
        Lab.eventually(PATIENCE, low::isActive, "b demands a signature, and hears nobody who signs");
        high.configure(leg("E1", "eth0", 61, "10.9.0.100/24", 200).toBuilder()
                .hmac(hmac)
                .build());
        Lab.eventually(PATIENCE, () -> low.state() == State.BACKUP, "a signs");
        assertThat(high.isActive()).isTrue();
    }

    /** Else the addresses of a process that is stopped after the change would outlive its role by the old lease. */
    @Test
    void leases_follow_an_interval_that_changes_while_it_runs(Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        cable(lab, a, b);
        VirtualRouterConfig fast = leg("E1", "eth0", 61, "10.9.0.100/24", 200);
        VirtualRouterConfig slow =
                fast.toBuilder().interval(Duration.ofSeconds(10)).build();
        Host host = lab.closing(Host.start(a, SyncGroupConfig.of(fast)));
        Lab.eventually(PATIENCE, () -> host.isActive() && host.holds("10.9.0.100"), "it is elected");
        assertThat(validSeconds(a, "10.9.0.100")).isBetween(1L, 2L);
        host.configure(slow);
        Lab.eventually(PATIENCE, () -> validSeconds(a, "10.9.0.100") > 30, "a lease of four slow intervals");
        host.configure(fast);
        Lab.eventually(PATIENCE, () -> validSeconds(a, "10.9.0.100") <= 2, "a lease of fast intervals");
        assertThat(host.isActive()).isTrue();
    }

    private static long validSeconds(LabNamespace namespace, String address) {
        return namespace.route(Rtnetlink::addresses).stream()
                .filter(each -> IpAddress.of(each.address()).equals(IpAddress.parse(address)))
                .mapToLong(InterfaceAddress::validSeconds)
                .findFirst()
                .orElseThrow(() -> new AssertionError(address + " is gone"));
    }

    @Test
    void who_is_not_on_the_link_is_not_heard_where_that_is_asked_for(Lab lab) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        cable(lab, a, b);
        // The kernel's own check of sources is by routes, and depends on the machine.
        a.run("sh", "-c", "for each in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $each; done");
        b.address("eth0", "203.0.113.9/32");
        VirtualRouterConfig near = leg("E1", "eth0", 61, "10.9.0.100/24", 100).toBuilder()
                .onLinkSource(true)
                .build();
        VirtualRouterConfig far = leg("E1", "eth0", 61, "10.9.0.100/24", 200).toBuilder()
                .sourceAddress(IpAddress.parse("203.0.113.9"))
                .build();
        Host one = lab.closing(Host.start(a, SyncGroupConfig.of(near)));
        lab.closing(Host.start(b, SyncGroupConfig.of(far)));
        Lab.eventually(
                PATIENCE,
                () -> one.isActive() && one.rejected("E1", RejectReason.SOURCE_NOT_ON_LINK) > 2,
                "a stays active, and counts what it does not hear");
        a.address("eth0", "203.0.113.1/24");
        Lab.eventually(PATIENCE, () -> one.state() == State.BACKUP, "the link has another network, from where b comes");
        one.configure(near.toBuilder().onLinkSource(false).build());
        a.run("ip", "address", "del", "203.0.113.1/24", "dev", "eth0");
        long before = one.rejected("E1", RejectReason.SOURCE_NOT_ON_LINK);
        one.configure(near);
        Lab.eventually(PATIENCE, one::isActive, "b is not on the link any more");
        assertThat(one.rejected("E1", RejectReason.SOURCE_NOT_ON_LINK)).isGreaterThan(before);
    }

    @Test
    void a_static_address_is_the_source_and_its_loss_a_fault_until_it_is_back(Lab lab) {
        LabNamespace a = lab.namespace("a");
        lab.veth(a, "eth0", lab.namespace("b"), "eth0");
        a.up("eth0");
        VirtualRouterConfig router = leg("E1", "eth0", 61, "10.9.0.100/24", 100).toBuilder()
                .track(Track.required(StaticEntries.group("G")))
                .build();
        Host host = Host.start(a, SyncGroupConfig.of(router));
        assertThat(host.state()).isEqualTo(State.FAULT);
        host.statics(new StaticEntries(
                List.of(new StaticEntries.Entry<>(VirtualAddress.parse("10.9.0.1/24", "eth0"), Optional.of("G"))),
                List.of(),
                List.of()));
        Lab.eventually(PATIENCE, () -> host.isActive() && host.holds("10.9.0.100"), "it is elected");
        a.run("ip", "address", "del", "10.9.0.1/24", "dev", "eth0");
        Lab.eventually(PATIENCE, () -> host.holds("10.9.0.1"), "the static address is put back");
        Lab.eventually(PATIENCE, () -> host.isActive() && host.holds("10.9.0.100"), "it is active still, or again");
        host.close();
        assertThat(a.holds("10.9.0.1")).isFalse();
    }

    private static void cable(Lab lab, LabNamespace a, LabNamespace b) {
        lab.veth(a, "eth0", b, "eth0");
        a.address("eth0", "10.9.0.1/24");
        b.address("eth0", "10.9.0.2/24");
        a.awaitLinkLocal("eth0", PATIENCE);
        b.awaitLinkLocal("eth0", PATIENCE);
    }

    private static MacAddress mac(LabNamespace namespace) {
        return mac(namespace, "eth0");
    }

    private static MacAddress mac(LabNamespace namespace, String interfaceName) {
        var mac = namespace.link(interfaceName).mac();
        assertThat(mac).isNotNull();
        return new MacAddress(mac.value());
    }

    private static SyncGroupConfig group(Protocol protocol, int priority) {
        VirtualRouterConfigBuilder builder = VirtualRouterConfig.builder("E1", "eth0")
                .virtualRouterId(61)
                .priority(priority)
                .announcements(AnnouncementPolicy.DEFAULT.withDelay(Duration.ofMillis(200)));
        return SyncGroupConfig.of(protocol.configure(builder).build());
    }

    private static SyncGroupConfig twoLegs(int priority) {
        return new SyncGroupConfig(
                "G1",
                List.of(
                        leg("E1", "eth0", 61, "10.9.0.100/24", priority),
                        leg("I1", "eth1", 62, "10.8.0.100/24", priority)));
    }

    private static VirtualRouterConfig leg(
            String name, String interfaceName, int virtualRouterId, String address, int priority) {
        return VirtualRouterConfig.builder(name, interfaceName)
                .version(Version.V3)
                .interval(Duration.ofMillis(100))
                .virtualRouterId(virtualRouterId)
                .priority(priority)
                .address(address)
                .build();
    }
}
