// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class RtnetlinkKernelIT {
    private LabNamespace node;
    private Rtnetlink rtnetlink;
    private LinkChanges links;
    private int eth0;

    @BeforeEach
    void prepare(Lab lab) {
        node = lab.namespace("node");
        lab.veth(node, "eth0", lab.namespace("other"), "eth0");
        rtnetlink = lab.closing(node.get(Rtnetlink::open));
        links = rtnetlink.changeLinks();
        eth0 = node.index("eth0");
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<InterfaceAddress> find(InetAddress address) {
        return rtnetlink.addresses().stream()
                .filter(found -> found.address().equals(address))
                .findFirst();
    }

    @Test
    void linkIsFoundByNameAndNumber() {
        Link link = rtnetlink.link("eth0").orElseThrow();
        assertThat(rtnetlink.link(link.index())).contains(link);
        assertThat(rtnetlink.links()).contains(link).anyMatch(Link::isLoopback);
        assertThat(link.kind()).isEqualTo("veth");
        assertThat(link.mac()).isNotNull();
        assertThat(link.isUp() && link.isRunning() && link.hasCarrier()).isTrue();
        assertThat(rtnetlink.link("eth9")).isEmpty();
        assertThat(rtnetlink.link(4711)).isEmpty();
    }

    @Test
    void virtualAddressIsAddedReadBackAndRemoved() {
        InterfaceAddress address = InterfaceAddress.builder(eth0, ip("10.0.0.100"), 24)
                .label("eth0:vip")
                .broadcast(ip("10.0.0.255"))
                .protocol(InterfaceAddress.PROTOCOL_VRRP)
                .build();
        assertThat(rtnetlink.addAddress(address)).isZero();
        InterfaceAddress found = find(ip("10.0.0.100")).orElseThrow();
        assertThat(found.label()).isEqualTo("eth0:vip");
        assertThat(found.broadcast()).isEqualTo(ip("10.0.0.255"));
        assertThat(found.prefixLength()).isEqualTo(24);
        assertThat(found.peer()).isNull();
        assertThat(found.validSeconds()).isEqualTo(InterfaceAddress.FOREVER);
        assertThat(rtnetlink.addAddress(address)).isEqualTo(Errno.EEXIST);
        assertThat(rtnetlink.removeAddress(address)).isZero();
        assertThat(rtnetlink.removeAddress(address)).isEqualTo(Errno.EADDRNOTAVAIL);
        assertThat(find(ip("10.0.0.100"))).isEmpty();
    }

    @Test
    void kernelRemembersWhoSetTheAddress() {
        Requires.kernel(5, 18);
        rtnetlink.addAddress(InterfaceAddress.builder(eth0, ip("10.0.0.100"), 24)
                .protocol(InterfaceAddress.PROTOCOL_VRRP)
                .build());
        assertThat(find(ip("10.0.0.100")).orElseThrow().protocol()).isEqualTo(InterfaceAddress.PROTOCOL_VRRP);
    }

    @Test
    void ipv6AddressWithoutDuplicateDetectionIsUsableAtOnce() {
        node.sysctl("net.ipv6.conf.all.accept_dad", "1");
        node.sysctl("net.ipv6.conf.eth0.accept_dad", "1");
        InterfaceAddress checked = InterfaceAddress.of(eth0, ip("fd00::99"), 64);
        assertThat(rtnetlink.addAddress(checked)).isZero();
        assertThat(find(ip("fd00::99")).orElseThrow().isTentative()).isTrue();
        InterfaceAddress virtual = InterfaceAddress.builder(eth0, ip("fd00::100"), 64)
                .withoutDuplicateDetection()
                .build();
        assertThat(rtnetlink.addAddress(virtual)).isZero();
        assertThat(find(ip("fd00::100")).orElseThrow().isTentative()).isFalse();
        assertThat(rtnetlink.removeAddress(virtual)).isZero();
        assertThat(rtnetlink.removeAddress(virtual)).isEqualTo(Errno.EADDRNOTAVAIL);
    }

    @Test
    void lifetimeIsSetAndRenewedOnlyByReplacing() {
        InterfaceAddress mortal = InterfaceAddress.builder(eth0, ip("10.0.0.100"), 32)
                .lifetime(0, 1000)
                .build();
        assertThat(rtnetlink.addAddress(mortal)).isZero();
        InterfaceAddress found = find(ip("10.0.0.100")).orElseThrow();
        assertThat(found.validSeconds()).isBetween(990L, 1000L);
        assertThat(found.isDeprecated()).isTrue();
        InterfaceAddress renewed = InterfaceAddress.builder(eth0, ip("10.0.0.100"), 32)
                .lifetime(5000, 5000)
                .build();
        assertThat(rtnetlink.addAddress(renewed)).isEqualTo(Errno.EEXIST);
        assertThat(rtnetlink.replaceAddress(renewed)).isZero();
        assertThat(find(ip("10.0.0.100")).orElseThrow().validSeconds()).isBetween(4990L, 5000L);
    }

    @Test
    void pointToPointAddressKeepsItsPeerAndScope() {
        rtnetlink.addAddress(InterfaceAddress.builder(eth0, ip("10.0.0.100"), 32)
                .peer(ip("10.0.0.200"))
                .scope(InterfaceAddress.SCOPE_LINK)
                .build());
        InterfaceAddress found = find(ip("10.0.0.100")).orElseThrow();
        assertThat(found.peer()).isEqualTo(ip("10.0.0.200"));
        assertThat(found.scope()).isEqualTo(InterfaceAddress.SCOPE_LINK);
    }

    @Test
    void batchAnswersEachAddressByItself() {
        List<InterfaceAddress> batch = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            batch.add(InterfaceAddress.of(eth0, ip("10.1.0." + (i % 199 + 1)), 32));
        }
        batch.add(InterfaceAddress.of(4711, ip("10.2.0.1"), 32));
        int[] added = rtnetlink.addAddresses(batch);
        assertThat(Arrays.copyOf(added, 199)).containsOnly(0);
        assertThat(added[199]).isEqualTo(Errno.EEXIST);
        assertThat(added[200]).isEqualTo(Errno.ENODEV);
        assertThat(rtnetlink.addresses())
                .filteredOn(found -> found.interfaceIndex() == eth0
                        && found.address().getHostAddress().startsWith("10.1."))
                .hasSize(199);
        int[] removed = rtnetlink.removeAddresses(batch.subList(0, 200));
        assertThat(Arrays.copyOf(removed, 199)).containsOnly(0);
        assertThat(removed[199]).isEqualTo(Errno.EADDRNOTAVAIL);
    }

    @Test
    void routesAreAddedReplacedAndRemoved() {
        node.address("eth0", "10.0.0.1/24");
        Route route = Route.via(ip("192.0.2.0"), 24, ip("10.0.0.254"));
        assertThat(rtnetlink.addRoute(route)).isZero();
        assertThat(rtnetlink.addRoute(route)).isEqualTo(Errno.EEXIST);
        assertThat(rtnetlink.replaceRoute(Route.via(ip("192.0.2.0"), 24, ip("10.0.0.253"))))
                .isZero();
        assertThat(rtnetlink.removeRoute(Route.via(ip("192.0.2.0"), 24, ip("10.0.0.253"))))
                .isZero();
        assertThat(rtnetlink.removeRoute(route)).isEqualTo(Errno.ESRCH);
        assertThat(rtnetlink.addRoute(Route.via(ip("192.0.2.0"), 24, ip("172.16.0.1"))))
                .isEqualTo(Errno.ENETUNREACH);
        assertThat(rtnetlink.addRoute(Route.via(ip("::"), 0, ip("fe80::1")))).isNotZero();
        assertThat(rtnetlink.addRoute(Route.onLink(ip("fd01::"), 64, eth0))).isZero();
        assertThat(node.procNet("ipv6_route")).contains("fd010000000000000000000000000000 40");
    }

    @Test
    void macvlanHasTheVirtualRoutersAddress() {
        MacAddress mac = MacAddress.parse("00:00:5e:00:01:33");
        links.createMacvlan("vrrp.51", eth0, LinkChanges.MacvlanMode.PRIVATE, mac);
        Link link = rtnetlink.link("vrrp.51").orElseThrow();
        assertThat(link.mac()).isEqualTo(mac);
        assertThat(link.parent()).isEqualTo(eth0);
        assertThat(link.kind()).isEqualTo("macvlan");
        links.delete(link.index());
        assertThat(rtnetlink.link("vrrp.51")).isEmpty();
    }

    @Test
    void linksAreChangedRenamedBridgedAndMoved(Lab lab) {
        links.createVeth("d0", "d0-peer");
        int index = node.index("d0");
        links.setMtu(index, 1400);
        links.setMac(index, MacAddress.parse("02:00:00:00:00:01"));
        links.rename(index, "d1");
        links.createBridge("br0");
        links.setMaster(index, node.index("br0"));
        Link link = node.link("d1");
        assertThat(link.mtu()).isEqualTo(1400);
        assertThat(link.mac()).isEqualTo(MacAddress.parse("02:00:00:00:00:01"));
        assertThat(link.master()).isEqualTo(node.index("br0"));
        links.setMaster(index, 0);
        LabNamespace other = lab.namespace("other");
        links.moveTo(index, other.network().fd());
        assertThat(rtnetlink.link("d1")).isEmpty();
        assertThat(other.link("d1").kind()).isEqualTo("veth");
    }

    @Test
    void refusalSaysWhatWasTriedAndTheKernelsWords() {
        assertThatThrownBy(() -> links.createBridge("eth0"))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("EEXIST")
                .hasMessageContaining("create bridge eth0");
        assertThatThrownBy(() -> links.delete(4711)).hasMessageContaining("ENODEV");
        assertThatThrownBy(() -> links.createBridge("name-longer-than-15"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void monitorTellsOfLinksAndAddresses(Lab lab) {
        RouteMonitor monitor = lab.closing(node.get(RouteMonitor::open));
        Recorder recorder = new Recorder();
        lab.namespace("other").down("eth0");
        recorder.await(monitor, event -> event.equals("link eth0 carrier=false"));
        lab.namespace("other").up("eth0");
        recorder.await(monitor, event -> event.equals("link eth0 carrier=true"));
        InterfaceAddress address = InterfaceAddress.of(eth0, ip("10.0.0.100"), 24);
        rtnetlink.addAddress(address);
        recorder.await(monitor, event -> event.equals("address 10.0.0.100"));
        rtnetlink.removeAddress(address);
        recorder.await(monitor, event -> event.equals("address gone 10.0.0.100"));
        links.createVeth("d0", "d0-peer");
        links.delete(node.index("d0"));
        recorder.await(monitor, event -> event.equals("link gone d0"));
    }

    @Test
    void portThatLeavesItsBridgeIsNotGone(Lab lab) {
        links.createVeth("d0", "d0-peer");
        links.createBridge("br0");
        links.setMaster(node.index("d0"), node.index("br0"));
        RouteMonitor monitor = lab.closing(node.get(RouteMonitor::open));
        Recorder recorder = new Recorder();
        links.setMaster(node.index("d0"), 0);
        links.delete(node.index("br0"));
        recorder.await(monitor, event -> event.equals("link gone br0"));
        assertThat(recorder.events).doesNotContain("link gone d0");
    }

    @Test
    void monitorCanIgnoreOurOwnChanges(Lab lab) {
        RouteMonitor monitor = lab.closing(node.get(RouteMonitor::open));
        monitor.ignoreChangesBy(rtnetlink.portId());
        rtnetlink.addAddress(InterfaceAddress.of(eth0, ip("10.0.0.100"), 24));
        node.address("eth0", "10.0.0.200/24");
        Recorder recorder = new Recorder();
        recorder.await(monitor, event -> event.equals("address 10.0.0.200"));
        assertThat(recorder.events).doesNotContain("address 10.0.0.100");
    }

    @Test
    void missedChangesAreAValue(Lab lab) {
        RouteMonitor monitor = lab.closing(node.get(RouteMonitor::open));
        monitor.receiveBuffer(4096);
        for (int i = 1; i < 100; i++) {
            rtnetlink.addAddress(InterfaceAddress.of(eth0, ip("10.1.0." + i), 32));
        }
        assertThat(monitor.receive(new Recorder(), 1000)).isEqualTo(RouteMonitor.OVERRUN);
        assertThat(monitor.overruns()).isEqualTo(1);
        assertThat(monitor.malformed()).isZero();
    }

    private static final class Recorder implements RouteListener {
        private final List<String> events = new ArrayList<>();

        void await(RouteMonitor monitor, Predicate<String> wanted) {
            Lab.eventually(
                    Duration.ofSeconds(5),
                    () -> {
                        monitor.receive(this, 100);
                        return events.stream().anyMatch(wanted);
                    },
                    "the event among " + events);
        }

        @Override
        public void onLink(Link link) {
            events.add("link " + link.name() + " carrier=" + link.hasCarrier());
        }

        @Override
        public void onLinkGone(Link link) {
            events.add("link gone " + link.name());
        }

        @Override
        public void onAddress(InterfaceAddress address) {
            events.add("address " + address.address().getHostAddress());
        }

        @Override
        public void onAddressGone(InterfaceAddress address) {
            events.add("address gone " + address.address().getHostAddress());
        }
    }
}
