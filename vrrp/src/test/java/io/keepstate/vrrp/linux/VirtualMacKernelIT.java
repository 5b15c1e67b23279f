// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.LinkChanges;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.vrrp.AddressOptions;
import io.keepstate.vrrp.AnnouncementPolicy;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualMac;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.MacAddress;
import io.keepstate.vrrp.codec.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Virtual MACs between two of our hosts and a third machine, on one switch. */
@ExtendWith(LabExtension.class)
class VirtualMacKernelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final MacAddress VIRTUAL = MacAddress.parse("00:00:5e:00:01:33");
    private static final MacAddress VIRTUAL6 = MacAddress.parse("00:00:5e:00:02:33");
    private static final int IGMP = 2;
    private static final IpAddress ADDRESS = IpAddress.parse("10.9.0.100");
    private static final IpAddress CLIENT = IpAddress.parse("10.9.0.3");

    private Lab lab;
    private LabNamespace a;
    private LabNamespace b;
    private Wire client;
    private Path journals;

    @BeforeEach
    void network(Lab given) {
        lab = given;
        LabNamespace lan = lab.namespace("lan");
        a = machine(lan, "a", "10.9.0.1/24");
        b = machine(lan, "b", "10.9.0.2/24");
        LabNamespace third = machine(lan, "c", "10.9.0.3/24");
        lan.bridge("br0", "a", "b", "c");
        for (LabNamespace each : List.of(a, b, third)) {
            each.awaitLinkLocal("eth0", PATIENCE);
        }
        client = lab.closing(new Wire(third, "eth0"));
        journals = lab.directory().resolve("run");
    }

    private LabNamespace machine(LabNamespace lan, String name, String address) {
        LabNamespace machine = lab.namespace(name);
        lab.veth(machine, "eth0", lan, name);
        machine.address("eth0", address);
        return machine;
    }

    @Test
    void a_pair_advertises_announces_and_answers_with_the_virtual_mac_only() throws IOException {
        for (LabNamespace each : List.of(a, b)) {
            each.sysctl("net.ipv4.conf.all.rp_filter", "1");
        }
        Host low = lab.closing(Host.start(b, journals, group(50)));
        Host high = Host.start(a, journals, group(200));
        awaitElected(high, low, "10.9.0.100");
        assertThat(a.link("vrrp.51").kind()).isEqualTo("macvlan");
        assertThat(b.link("vrrp.51").isUp()).as("made at the start").isTrue();
        assertThat(a.run("ip", "-o", "address", "show", "dev", "vrrp.51")).contains("10.9.0.100/24");
        assertThat(a.sysctl("net.ipv4.conf.eth0.arp_ignore")).isEqualTo("1");
        assertThat(a.sysctl("net.ipv4.conf.all.rp_filter")).isEqualTo("0");
        assertThat(a.sysctl("net.ipv4.conf.eth0.rp_filter")).isEqualTo("1");
        answersComeFrom(VIRTUAL);
        Lab.eventually(PATIENCE, () -> advertisers().equals(Set.of(VIRTUAL)), "a advertises with the virtual MAC");

        high.close();
        assertThat(exists(a, "vrrp.51")).isFalse();
        assertThat(a.sysctl("net.ipv4.conf.eth0.arp_ignore")).isEqualTo("0");
        assertThat(a.sysctl("net.ipv4.conf.eth0.arp_filter")).isEqualTo("0");
        assertThat(a.sysctl("net.ipv4.conf.all.rp_filter")).isEqualTo("1");
        assertThat(a.sysctl("net.ipv4.conf.eth0.rp_filter")).isEqualTo("0");
        Lab.eventually(PATIENCE, () -> low.isActive() && low.holds("10.9.0.100"), "b takes over");
        client.forget();
        answersComeFrom(VIRTUAL);
        Lab.eventually(PATIENCE, () -> advertisers().equals(Set.of(VIRTUAL)), "b advertises with the virtual MAC");
        low.close();
        assertThat(journalFiles()).isEmpty();
    }

    @Test
    void over_ipv6_too_from_the_link_local_address_of_the_interface_below() {
        SyncGroupConfig high =
                group(200, builder -> builder.address("fe80::5e:100/64").address("2001:db8:9::100/64"));
        SyncGroupConfig low =
                group(50, builder -> builder.address("fe80::5e:100/64").address("2001:db8:9::100/64"));
        Host backup = lab.closing(Host.start(b, journals, low));
        Host active = Host.start(a, journals, high);
        awaitElected(active, backup, "2001:db8:9::100");
        Lab.eventually(PATIENCE, () -> advertisers().equals(Set.of(VIRTUAL6)), "a advertises with the virtual MAC");
        assertThat(client.packets(Envelope.PROTOCOL)).allSatisfy(frame -> {
            assertThat(frame.hopLimit()).isEqualTo(255);
            assertThat(frame.trafficClass()).isEqualTo(0xc0);
            assertThat(frame.source().isLinkLocal()).isTrue();
        });
        active.close();
        Lab.eventually(PATIENCE, () -> backup.isActive() && backup.holds("2001:db8:9::100"), "b takes over");
    }

    @Test
    void a_backup_says_nothing_of_multicast_groups_with_the_virtual_mac() {
        lab.closing(Host.start(b, journals, group(50)));
        Lab.eventually(PATIENCE, () -> !client.packets(IGMP).isEmpty(), "reports of the group arrive");
        assertThat(client.packets(IGMP)).noneMatch(frame -> frame.sender().equals(VIRTUAL));
    }

    @Test
    void advertisements_may_stay_on_the_interface_below() {
        VirtualMac onBase = new VirtualMac("vm51", Optional.of(MacAddress.parse("02:00:00:00:51:51")), true);
        Host low = lab.closing(Host.start(
                b, journals, group(50, it -> it.address("10.9.0.100/24").virtualMac(onBase))));
        Host high = lab.closing(Host.start(
                a, journals, group(200, it -> it.address("10.9.0.100/24").virtualMac(onBase))));
        awaitElected(high, low, "10.9.0.100");
        answersComeFrom(MacAddress.parse("02:00:00:00:51:51"));
        client.forget();
        var physical = a.link("eth0").mac();
        Lab.eventually(
                PATIENCE,
                () -> physical != null && advertisers().equals(Set.of(new MacAddress(physical.value()))),
                "a advertises with its own MAC");
    }

    @Test
    void an_interface_that_somebody_deletes_is_made_again_and_takes_part() {
        Host high = lab.closing(Host.start(a, journals, group(200)));
        Host low = lab.closing(Host.start(b, journals, group(50)));
        Lab.eventually(PATIENCE, () -> high.isActive() && high.holds("10.9.0.100"), "a is elected");
        int old = a.index("vrrp.51");
        a.run("ip", "link", "delete", "vrrp.51");
        Lab.eventually(
                PATIENCE,
                () -> a.route(r -> r.link("vrrp.51")).map(Link::index).orElse(old) != old,
                "the interface is there again");
        Lab.eventually(
                PATIENCE,
                () -> high.isActive() && high.holds("10.9.0.100") && low.state() == State.BACKUP,
                "a has the role again");
        client.forget();
        answersComeFrom(VIRTUAL);
    }

    @Test
    void an_address_of_another_interface_may_have_a_virtual_mac_there() {
        LabNamespace other = lab.namespace("other");
        lab.veth(a, "eth1", other, "eth1");
        a.up("eth1");
        other.address("eth1", "10.8.0.3/24");
        VirtualAddress elsewhere = VirtualAddress.parse("10.8.0.100/24", "eth1")
                .withOptions(AddressOptions.DEFAULT.onVirtualMac("vrrp4.51"));
        VirtualAddress ofOtherFamily = VirtualAddress.parse("2001:db8:9::100/64", "eth0")
                .withOptions(AddressOptions.DEFAULT.onVirtualMac("vrrp6.51"));
        Host host = Host.start(
                a,
                journals,
                group(
                        200,
                        it -> it.address("10.9.0.100/24")
                                .excludedAddress(elsewhere)
                                .excludedAddress(ofOtherFamily)));
        Lab.eventually(PATIENCE, () -> host.isActive() && host.holds("10.8.0.100"), "it is elected");
        assertThat(a.run("ip", "-o", "address", "show", "dev", "vrrp4.51")).contains("10.8.0.100/24");
        assertThat(a.run("ip", "-o", "address", "show", "dev", "vrrp6.51")).contains("2001:db8:9::100/64");
        assertThat(String.valueOf(a.link("vrrp4.51").mac())).isEqualTo(VIRTUAL.toString());
        assertThat(String.valueOf(a.link("vrrp6.51").mac())).isEqualTo(VIRTUAL6.toString());
        assertThat(a.sysctl("net.ipv4.conf.eth1.arp_ignore")).isEqualTo("1");
        IpAddress asked = IpAddress.parse("10.8.0.100");
        try (Wire wire = new Wire(other, "eth1")) {
            wire.ask(asked, IpAddress.parse("10.8.0.3"));
            Lab.eventually(PATIENCE, () -> !wire.answersFor(asked).isEmpty(), "somebody answers");
            assertThat(wire.answersFor(asked)).containsOnly(VIRTUAL);
        }
        host.close();
        assertThat(exists(a, "vrrp4.51") || exists(a, "vrrp6.51")).isFalse();
        assertThat(a.sysctl("net.ipv4.conf.eth1.arp_ignore")).isEqualTo("0");
    }

    @Test
    void after_a_kill_the_next_start_removes_and_restores_what_was_left() throws IOException {
        LabProcess killed = start(a);
        Lab.eventually(PATIENCE.multipliedBy(2), () -> killed.output().contains("ACTIVE"), "the process is active");
        Lab.eventually(PATIENCE, () -> a.holds("10.9.0.100"), "and holds its address");
        assertThatThrownBy(() -> Host.start(a, journals, group(100)))
                .hasMessage("virtual router E1: interface vrrp.51 belongs to the running process " + javaPid(killed)
                        + "; stop that one, or give use_vmac another name");
        assertThat(a.sysctl("net.ipv4.conf.eth0.arp_ignore"))
                .as("a living owner is not robbed")
                .isEqualTo("1");

        killed.close();
        assertThat(a.sysctl("net.ipv4.conf.eth0.arp_ignore")).isEqualTo("1");
        assertThat(exists(a, "vrrp.51")).isTrue();
        assertThat(journalFiles()).hasSize(1);

        Host next = Host.start(
                a,
                journals,
                SyncGroupConfig.of(VirtualRouterConfig.builder("other", "eth0")
                        .version(Version.V3)
                        .interval(Duration.ofMillis(100))
                        .virtualRouterId(99)
                        .address("10.9.0.99/24")
                        .build()));
        assertThat(exists(a, "vrrp.51")).isFalse();
        assertThat(a.sysctl("net.ipv4.conf.eth0.arp_ignore")).isEqualTo("0");
        assertThat(a.sysctl("net.ipv4.conf.eth0.arp_filter")).isEqualTo("0");
        assertThat(journalFiles()).isEmpty();
        next.close();
    }

    @Test
    void a_name_that_is_taken_is_one_clear_sentence() {
        a.network().run(() -> {
            try (Rtnetlink rtnetlink = Rtnetlink.open()) {
                LinkChanges links = rtnetlink.changeLinks();
                links.createVeth("vrrp.51", "vrrp.peer");
            }
        });
        assertThatThrownBy(() -> Host.start(a, journals, group(100)))
                .hasMessageStartingWith("virtual router E1: interface vrrp.51 exists already, as veth with address ")
                .hasMessageEndingWith(", and is not a virtual MAC that a former run left; remove it (ip link delete"
                        + " vrrp.51) or give use_vmac another name");
    }

    @Test
    void what_an_abandoned_run_left_is_taken_over() {
        Host first = Host.start(a, journals, group(100));
        Lab.eventually(PATIENCE, () -> first.isActive() && first.holds("10.9.0.100"), "it is elected");
        int old = a.index("vrrp.51");
        first.crash();
        assertThat(a.index("vrrp.51")).isEqualTo(old);
        Host second = Host.start(a, journals, group(100));
        assertThat(a.index("vrrp.51")).isNotEqualTo(old);
        second.close();
        assertThat(exists(a, "vrrp.51")).isFalse();
    }

    /** Who starts first may be active for a moment. */
    private void awaitElected(Host high, Host low, String address) {
        Lab.eventually(
                PATIENCE,
                () -> high.isActive() && high.holds(address) && low.state() == State.BACKUP && !low.holds(address),
                "the one of higher priority is elected");
        client.forget();
    }

    private void answersComeFrom(MacAddress expected) {
        client.ask(ADDRESS, CLIENT);
        Lab.eventually(PATIENCE, () -> !client.answersFor(ADDRESS).isEmpty(), "somebody answers for " + ADDRESS);
        client.ask(ADDRESS, CLIENT);
        Lab.eventually(PATIENCE, () -> client.answersFor(ADDRESS).size() > 1, "and again");
        assertThat(client.answersFor(ADDRESS)).containsOnly(expected);
    }

    private Set<MacAddress> advertisers() {
        Set<MacAddress> senders = new HashSet<>();
        client.packets(Envelope.PROTOCOL).forEach(frame -> senders.add(frame.sender()));
        return senders;
    }

    private static boolean exists(LabNamespace namespace, String interfaceName) {
        return namespace.route(r -> r.link(interfaceName).isPresent());
    }

    private LabProcess start(LabNamespace namespace) {
        return namespace.start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                VirtualMacProcess.class.getName(),
                journals.toString());
    }

    /** The lab's process is nsenter, which becomes the program. */
    private static long javaPid(LabProcess process) {
        return process.pid();
    }

    private List<Path> journalFiles() throws IOException {
        try (var files = Files.list(journals)) {
            return files.filter(file -> file.toString().endsWith(".journal")).toList();
        }
    }

    static SyncGroupConfig group(int priority) {
        return group(priority, builder -> builder.address("10.9.0.100/24"));
    }

    private static SyncGroupConfig group(int priority, UnaryOperator<VirtualRouterConfigBuilder> more) {
        VirtualRouterConfigBuilder builder = VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .interval(Duration.ofMillis(100))
                .virtualRouterId(51)
                .priority(priority)
                .virtualMac(new VirtualMac("vrrp.51", Optional.empty(), false))
                .announcements(AnnouncementPolicy.DEFAULT.withDelay(Duration.ofMillis(200)));
        return SyncGroupConfig.of(more.apply(builder).build());
    }
}
