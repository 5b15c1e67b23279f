// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.socket.IpFamily;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class RoutesAndRulesKernelIT {
    private static final int MTU = 2;
    private static final int ADVERTISED_MSS = 8;

    private LabNamespace node;
    private Rtnetlink rtnetlink;
    private int eth0;

    @BeforeEach
    void prepare(Lab lab) {
        Requires.program("ip");
        node = lab.namespace("node");
        lab.veth(node, "eth0", lab.namespace("other"), "eth0");
        lab.veth(node, "eth1", lab.namespace("other"), "eth1");
        node.address("eth0", "10.0.0.1/24");
        node.address("eth1", "10.0.1.1/24");
        node.address("eth0", "fd00::1/64");
        rtnetlink = lab.closing(node.get(Rtnetlink::open));
        eth0 = node.index("eth0");
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private void addAndRemove(Route route, String shownBy, String expected) {
        assertThat(rtnetlink.addRoute(route)).isZero();
        assertThat(rtnetlink.addRoute(route)).isEqualTo(Errno.EEXIST);
        assertThat(node.run(shownBy.split(" ")).replaceAll("\\s+", " ")).contains(expected);
        assertThat(rtnetlink.removeRoute(route)).isZero();
        assertThat(rtnetlink.removeRoute(route)).isEqualTo(Errno.ESRCH);
    }

    @Test
    void routeHasEverythingThatWasAskedFor() {
        Route route = Route.builder(ip("192.0.2.0"), 24)
                .hop(ip("10.0.0.254"), eth0)
                .source(ip("10.0.0.1"))
                .table(100)
                .metric(7)
                .tos(0x10)
                .protocol(Route.PROTOCOL_VRRP)
                .metric(MTU, 1400, true)
                .metric(ADVERTISED_MSS, 1360, false)
                .congestionControl("reno")
                .build();
        addAndRemove(
                route,
                "ip -d route show table 100",
                "unicast 192.0.2.0/24 tos 0x10 via 10.0.0.254 dev eth0 proto keepalived scope global src 10.0.0.1"
                        + " metric 7 mtu lock 1400 advmss 1360 congctl reno");
    }

    @Test
    void routesThatDoNotForwardAreOfBothFamilies() {
        for (int type = 6; type <= 9; type++) {
            String word =
                    List.of("blackhole", "unreachable", "prohibit", "throw").get(type - 6);
            addAndRemove(
                    Route.builder(ip("198.51.100.0"), 24).type(type).build(), "ip route", word + " 198.51.100.0/24");
            addAndRemove(
                    Route.builder(ip("2001:db8:1::"), 48).type(type).build(),
                    "ip -6 route",
                    word + " 2001:db8:1::/48 dev lo");
        }
    }

    @Test
    void onLinkGatewayNeedsNoNetwork() {
        Route without =
                Route.builder(ip("0.0.0.0"), 0).hop(ip("172.16.0.1"), eth0).build();
        assertThat(rtnetlink.addRoute(without)).isEqualTo(Errno.ENETUNREACH);
        Route.Hop onLink = new Route.Hop(ip("172.16.0.1"), eth0, 1, true);
        addAndRemove(
                Route.builder(ip("0.0.0.0"), 0).hop(onLink).build(),
                "ip route",
                "default via 172.16.0.1 dev eth0 proto static onlink");
    }

    @Test
    void severalHopsShareByWeight() {
        Route four = Route.builder(ip("192.0.2.0"), 24)
                .hop(new Route.Hop(ip("10.0.0.254"), eth0, 1, false))
                .hop(new Route.Hop(ip("10.0.1.254"), node.index("eth1"), 5, false))
                .build();
        addAndRemove(
                four, "ip route", "nexthop via 10.0.0.254 dev eth0 weight 1 nexthop via 10.0.1.254 dev eth1 weight 5");
        Route six = Route.builder(ip("2001:db8:2::"), 48)
                .hop(new Route.Hop(ip("fd00::2"), eth0, 1, false))
                .hop(new Route.Hop(ip("fd00::3"), eth0, 2, false))
                .build();
        assertThat(rtnetlink.addRoute(six)).isZero();
        assertThat(node.run("ip", "-6", "route")).contains("nexthop via fd00::3 dev eth0 weight 2");
        assertThat(rtnetlink.removeRoute(six)).isZero();
    }

    @Test
    void ipv4RouteMayLeadByAnIpv6Gateway() {
        Route route =
                Route.builder(ip("192.0.2.0"), 24).hop(ip("fd00::2"), eth0).build();
        addAndRemove(route, "ip route", "192.0.2.0/24 via inet6 fd00::2 dev eth0");
    }

    @Test
    void ipv6RouteMayDependOnTheSourceAndHasAPreference() {
        Route route = Route.builder(ip("2001:db8:3::"), 48)
                .from(ip("2001:db8:4::"), 48)
                .hop(ip("fd00::2"), eth0)
                .preference(1)
                .build();
        int errno = rtnetlink.addRoute(route);
        // Kernels without CONFIG_IPV6_SUBTREES know no routes by source.
        if (errno == 0) {
            assertThat(node.run("ip", "-6", "route"))
                    .contains("2001:db8:3::/48 from 2001:db8:4::/48 via fd00::2 dev eth0")
                    .contains("pref high");
            assertThat(rtnetlink.removeRoute(route)).isZero();
        } else {
            assertThat(errno).isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void ruleHasEverythingThatWasAskedFor() {
        RoutingRule rule = RoutingRule.builder(IpFamily.IPV4, RoutingRule.LOOKUP, 1000)
                .inverted()
                .from(ip("192.0.2.0"), 24)
                .to(ip("198.51.100.0"), 24)
                .firewallMark(0x10, 0xff)
                .incomingInterface("eth0")
                .priority(500)
                .suppressPrefixLength(8)
                .ipProtocol(6)
                .sourcePorts(1024, 2048)
                .destinationPorts(80, 80)
                .userIds(0, 10)
                .protocol(Route.PROTOCOL_VRRP)
                .build();
        assertThat(rtnetlink.addRule(rule)).isZero();
        assertThat(rtnetlink.addRule(rule)).isEqualTo(Errno.EEXIST);
        assertThat(node.run("ip", "-d", "rule").replaceAll("\\s+", " "))
                .contains("500: not from 192.0.2.0/24 to 198.51.100.0/24 fwmark 0x10/0xff iif eth0")
                .contains("ipproto tcp sport 1024-2048 dport 80 lookup 1000 suppress_prefixlength 8 proto keepalived");
        assertThat(rtnetlink.removeRule(rule)).isZero();
        assertThat(rtnetlink.removeRule(rule)).isEqualTo(Errno.ENOENT);
    }

    @Test
    void rulesWithoutATableAreOfBothFamilies() {
        List<String> words = List.of("blackhole", "unreachable", "prohibit");
        for (IpFamily family : IpFamily.values()) {
            String option = family == IpFamily.IPV4 ? "-4" : "-6";
            for (int action = 6; action <= 8; action++) {
                RoutingRule rule = RoutingRule.builder(family, action, 0)
                        .outgoingInterface("eth1")
                        .priority(600)
                        .build();
                assertThat(rtnetlink.addRule(rule)).isZero();
                assertThat(node.run("ip", option, "rule").replaceAll("\\s+", " "))
                        .contains("600: from all oif eth1 " + words.get(action - 6));
                assertThat(rtnetlink.removeRule(rule)).isZero();
            }
            RoutingRule jump = RoutingRule.builder(family, RoutingRule.GOTO, 32766)
                    .tos(0x10)
                    .priority(700)
                    .build();
            assertThat(rtnetlink.addRule(jump)).isZero();
            assertThat(node.run("ip", option, "rule").replaceAll("\\s+", " ")).contains("goto 32766");
            assertThat(rtnetlink.removeRule(jump)).isZero();
        }
    }

    @Test
    void rulesMadeByTheSameCallsAreEqual() {
        assertThat(RoutingRule.builder(IpFamily.IPV4, 6, 0).priority(3).build())
                .isEqualTo(RoutingRule.builder(IpFamily.IPV4, 6, 0).priority(3).build())
                .hasSameHashCodeAs(
                        RoutingRule.builder(IpFamily.IPV4, 6, 0).priority(3).build())
                .isNotEqualTo(
                        RoutingRule.builder(IpFamily.IPV4, 6, 0).priority(4).build());
    }

    @Test
    void watchForLossesTellsOfWhatGoesAndOfNothingElse(Lab lab) {
        RouteMonitor monitor = lab.closing(node.get(RouteMonitor::openForLosses));
        node.get(() -> {
            monitor.watchRoutes();
            monitor.watchRules();
            return 0;
        });
        Losses losses = new Losses();
        Route route = Route.builder(ip("192.0.2.0"), 24)
                .hop(ip("10.0.0.254"), eth0)
                .protocol(Route.PROTOCOL_VRRP)
                .build();
        RoutingRule rule = RoutingRule.builder(IpFamily.IPV6, RoutingRule.LOOKUP, 1000)
                .priority(500)
                .protocol(Route.PROTOCOL_VRRP)
                .build();
        InterfaceAddress address = InterfaceAddress.of(eth0, ip("10.0.0.100"), 32);
        rtnetlink.addAddress(address);
        rtnetlink.addRoute(route);
        rtnetlink.addRule(rule);
        assertThat(monitor.receive(losses, 100)).isZero();
        rtnetlink.removeRule(rule);
        rtnetlink.removeRoute(route);
        rtnetlink.removeAddress(address);
        Lab.eventually(
                Duration.ofSeconds(5),
                () -> {
                    monitor.receive(losses, 100);
                    return losses.seen.contains("address 10.0.0.100");
                },
                "the loss of the address");
        assertThat(losses.seen).contains("rule 18", "route 18");
    }

    @Test
    void watchCanLeaveOutWhatOneSocketAdds(Lab lab) {
        RouteMonitor monitor = lab.closing(node.get(RouteMonitor::open));
        monitor.ignoreAddressesAddedBy(rtnetlink.portId());
        InterfaceAddress address = InterfaceAddress.of(eth0, ip("10.0.0.100"), 32);
        rtnetlink.addAddress(address);
        rtnetlink.removeAddress(address);
        node.address("eth0", "10.0.0.200/24");
        Losses losses = new Losses();
        Lab.eventually(
                Duration.ofSeconds(5),
                () -> {
                    monitor.receive(losses, 100);
                    return losses.seen.contains("new 10.0.0.200");
                },
                "the address that another socket added");
        assertThat(losses.seen).contains("address 10.0.0.100").doesNotContain("new 10.0.0.100");
    }

    private static final class Losses implements RouteListener {
        private final List<String> seen = new ArrayList<>();

        @Override
        public void onAddress(InterfaceAddress address) {
            seen.add("new " + address.address().getHostAddress());
        }

        @Override
        public void onAddressGone(InterfaceAddress address) {
            seen.add("address " + address.address().getHostAddress());
        }

        @Override
        public void onRouteGone(int protocol) {
            seen.add("route " + protocol);
        }

        @Override
        public void onRuleGone(int protocol) {
            seen.add("rule " + protocol);
        }
    }
}
