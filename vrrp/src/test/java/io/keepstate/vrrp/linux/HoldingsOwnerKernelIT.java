// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import io.keepstate.linux.libc.Errno;
import io.keepstate.vrrp.AddressOptions;
import io.keepstate.vrrp.IpPrefix;
import io.keepstate.vrrp.NextHop;
import io.keepstate.vrrp.RouteMetric;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.VirtualRule;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.MacAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class HoldingsOwnerKernelIT {

    private static final long SECOND = 1_000_000_000L;

    private final List<String> losses = new ArrayList<>();
    private LabNamespace host;
    private LabNamespace peer;
    private HoldingsOwner owner;

    @BeforeEach
    void cable(Lab lab) {
        Cable cable = Cable.lay(lab);
        host = cable.host();
        peer = cable.peer();
        host.address("eth0", "10.9.0.1/24");
        peer.address("eth0", "2001:db8:9::2/64");
        owner = lab.closing(
                host.get(() -> HoldingsOwner.open((router, what, now) -> losses.add(router + ": " + what))));
    }

    private static VirtualRouterConfigBuilder router() {
        return VirtualRouterConfig.builder("E1", "eth0").virtualRouterId(51).version(Version.V3);
    }

    private static VirtualRouterConfig everything() {
        return router().address("10.9.0.100/24")
                .excludedAddress("2001:db8:9::100/64")
                .route(VirtualRoute.builder(IpPrefix.parse("192.0.2.0/24"))
                        .nextHop(NextHop.via(IpAddress.parse("10.9.0.2"), "eth0"))
                        .source(IpAddress.parse("10.9.0.100"))
                        .lockedMetric(RouteMetric.MTU, 1400)
                        .build())
                .route(VirtualRoute.via(IpPrefix.parse("2001:db8:1::/48"), IpAddress.parse("2001:db8:9::2")))
                .route(VirtualRoute.builder(IpPrefix.parse("198.51.100.0/24"))
                        .type(VirtualRoute.Type.BLACKHOLE)
                        .build())
                .rule(VirtualRule.builder(AddressFamily.IPV4)
                        .from(IpPrefix.parse("192.0.2.0/24"))
                        .table(100)
                        .priority(300)
                        .build())
                .rule(VirtualRule.builder(AddressFamily.IPV6)
                        .incomingInterface("eth0")
                        .action(VirtualRule.Action.PROHIBIT)
                        .priority(400)
                        .build())
                .build();
    }

    private List<HoldingFailure> up(VirtualRouterConfig router) {
        return on(it -> it.up(router, 0));
    }

    private List<HoldingFailure> down(VirtualRouterConfig router) {
        return on(it -> it.down(router));
    }

    private <T> T on(Function<HoldingsOwner, T> task) {
        return host.get(() -> task.apply(owner));
    }

    private boolean holdsAll() {
        return on(it -> it.holds("E1"));
    }

    private String shows(String... command) {
        return host.run(command).replaceAll("\\s+", " ");
    }

    private String everythingShown() {
        return shows("ip", "addr", "show", "dev", "eth0")
                + shows("ip", "route")
                + shows("ip", "-6", "route")
                + shows("ip", "rule")
                + shows("ip", "-6", "rule");
    }

    /** Lets the owner look at its events until something follows from them. */
    private void receiveUntil(java.util.function.BooleanSupplier condition, String description, long nowNanos) {
        Lab.eventually(
                Duration.ofSeconds(5),
                () -> {
                    on(it -> it.receive(nowNanos));
                    return condition.getAsBoolean();
                },
                description);
    }

    @Test
    void all_goes_up_and_down_and_both_can_be_repeated() {
        String before = everythingShown();
        for (int i = 0; i < 2; i++) {
            assertThat(up(everything())).isEmpty();
            assertThat(everythingShown())
                    .contains("inet 10.9.0.100/24 scope global secondary")
                    .contains("inet6 2001:db8:9::100/64 scope global nodad")
                    .contains("192.0.2.0/24 via 10.9.0.2 dev eth0 proto keepalived src 10.9.0.100 mtu lock 1400")
                    .contains("2001:db8:1::/48 via 2001:db8:9::2 dev eth0 proto keepalived")
                    .contains("blackhole 198.51.100.0/24 proto keepalived")
                    .contains("300: from 192.0.2.0/24 lookup 100 proto keepalived")
                    .contains("400: from all iif eth0 prohibit proto keepalived");
        }
        for (int i = 0; i < 2; i++) {
            assertThat(down(everything())).isEmpty();
            assertThat(everythingShown()).isEqualTo(before);
        }
    }

    @Test
    void what_an_earlier_process_left_behind_is_taken_down() {
        String before = everythingShown();
        up(everything());
        HoldingsOwner next = host.get(() -> HoldingsOwner.open((router, what, now) -> {}));
        try {
            assertThat(host.get(() -> next.down(everything()))).isEmpty();
        } finally {
            host.get(() -> {
                next.close();
                return 0;
            });
        }
        assertThat(everythingShown()).isEqualTo(before);
    }

    @Test
    void change_takes_down_what_is_no_longer_wanted_and_leaves_the_rest_alone() {
        up(everything());
        VirtualRouterConfig other =
                router().address("10.9.0.100/24").address("10.9.0.101/24").build();
        assertThat(up(other)).isEmpty();
        assertThat(everythingShown())
                .contains("10.9.0.100/24", "10.9.0.101/24")
                .doesNotContain("2001:db8:9::100", "192.0.2.0", "blackhole", "300:", "400:");
        on(it -> it.receive(0));
        assertThat(losses).isEmpty();
        assertThat(down(other)).isEmpty();
    }

    @Test
    void failures_are_listed_with_what_they_are_about() {
        VirtualRouterConfig broken = router().address("10.9.0.100/24")
                .excludedAddress(VirtualAddress.parse("10.8.0.100/24", "eth9"))
                .route(VirtualRoute.via(IpPrefix.parse("192.0.2.0/24"), IpAddress.parse("172.16.0.1")))
                .build();
        List<HoldingFailure> failures = up(broken);
        assertThat(failures).extracting(HoldingFailure::errno).containsExactly(Errno.ENODEV, Errno.ENETUNREACH);
        assertThat(failures.get(0)).hasToString("10.8.0.100/24 dev eth9: ENODEV (No such device)");
        assertThat(failures.get(1))
                .hasToString("route 192.0.2.0/24 via 172.16.0.1: ENETUNREACH (Network is unreachable)");
        assertThat(failures).noneMatch(failure -> failure.isAdvertisedBy(broken));
        assertThat(host.holds("10.9.0.100")).isTrue();
        // What never came is not lost when the kernel tells of other changes.
        host.run("ip", "address", "add", "10.9.0.7/24", "dev", "eth0");
        host.run("ip", "address", "del", "10.9.0.7/24", "dev", "eth0");
        on(it -> it.receive(0));
        assertThat(losses).isEmpty();
        assertThat(down(broken)).isEmpty();
    }

    @Test
    void addresses_have_the_options_they_were_configured_with() {
        AddressOptions four = AddressOptions.builder()
                .broadcast(VirtualAddress.broadcastAddress(IpAddress.parse("10.8.0.100"), 24, true))
                .label("eth0:vip")
                .scope(253)
                .noPrefixRoute(true)
                .build();
        AddressOptions six =
                AddressOptions.builder().home(true).preferredSeconds(0).build();
        AddressOptions pointToPoint =
                AddressOptions.builder().peer(IpAddress.parse("10.7.0.2")).build();
        VirtualRouterConfig router = router().address(
                        VirtualAddress.parse("10.8.0.100/24", "eth0").withOptions(four))
                .address(VirtualAddress.parse("10.7.0.1/32", "eth0").withOptions(pointToPoint))
                .excludedAddress(
                        VirtualAddress.parse("2001:db8:9::100/64", "eth0").withOptions(six))
                .excludedAddress("2001:db8:9::101/128")
                .build();
        assertThat(up(router)).isEmpty();
        String shown = shows("ip", "addr", "show", "dev", "eth0");
        assertThat(shown)
                .contains("inet 10.8.0.100/24 brd 10.8.0.255 scope link noprefixroute eth0:vip")
                .contains("inet 10.7.0.1 peer 10.7.0.2/32 scope global")
                .contains("inet6 2001:db8:9::100/64 scope global nodad home deprecated")
                .contains("inet6 2001:db8:9::101/128 scope global nodad deprecated");
        assertThat(down(router)).isEmpty();
        assertThat(shows("ip", "addr", "show", "dev", "eth0")).doesNotContain("10.7.0.1", "2001:db8", "10.8.0.100");
    }

    @Test
    void address_that_somebody_removes_is_a_loss_told_once_and_own_changes_are_none() {
        up(everything());
        on(it -> it.receive(0));
        assertThat(losses).isEmpty();
        host.run("ip", "addr", "del", "10.9.0.100/24", "dev", "eth0");
        receiveUntil(() -> !losses.isEmpty(), "the loss is told", 0);
        host.run("ip", "addr", "del", "2001:db8:9::100/64", "dev", "eth0");
        on(it -> it.receive(0));
        assertThat(losses).containsExactly("E1: virtual address 10.9.0.100/24 dev eth0 was removed by somebody else");
        assertThat(holdsAll()).isFalse();
        up(everything());
        assertThat(holdsAll()).isTrue();
        down(everything());
        on(it -> it.receive(0));
        assertThat(losses).hasSize(1);
    }

    @Test
    void primary_address_of_a_subnet_that_goes_leaves_the_others_where_that_is_asked_for(Lab lab) {
        for (String where : List.of("all", "default", "eth0")) {
            host.sysctl("net.ipv4.conf." + where + ".promote_secondaries", "0");
        }
        VirtualRouterConfig plain = router().address("10.8.0.100/24").build();
        assertThat(goneAfter(owner, plain)).as("the kernel's own way").isTrue();

        VirtualRouterConfig sparing = plain.toBuilder().promoteSecondaries(true).build();
        HoldingsOwner careful = host.get(() -> HoldingsOwner.open((router, what, now) -> {}, lab.directory()));
        try {
            assertThat(goneAfter(careful, sparing)).isFalse();
            assertThat(promotes()).isEqualTo("1");
        } finally {
            host.network().run(careful::close);
        }
        assertThat(promotes()).as("given back").isEqualTo("0");
    }

    /** Whether an address that came after the virtual one of its subnet is gone together with it. */
    private boolean goneAfter(HoldingsOwner some, VirtualRouterConfig router) {
        assertThat(host.get(() -> some.up(router, 0))).isEmpty();
        host.run("ip", "addr", "add", "10.8.0.1/24", "dev", "eth0");
        assertThat(shows("ip", "addr", "show", "dev", "eth0")).contains("10.8.0.1/24 scope global secondary");
        assertThat(host.get(() -> some.down(router))).isEmpty();
        return !host.holds("10.8.0.1");
    }

    private String promotes() {
        return host.sysctl("net.ipv4.conf.eth0.promote_secondaries");
    }

    @Test
    void address_that_is_not_tracked_may_be_taken_away() {
        VirtualRouterConfig router = router().address("10.9.0.100/24")
                .excludedAddress(VirtualAddress.parse("10.9.0.101/24", "eth0")
                        .withOptions(AddressOptions.builder().tracked(false).build()))
                .build();
        up(router);
        host.run("ip", "addr", "del", "10.9.0.101/24", "dev", "eth0");
        host.run("ip", "addr", "del", "10.9.0.100/24", "dev", "eth0");
        receiveUntil(() -> !losses.isEmpty(), "the loss of the tracked address is told", 0);
        assertThat(losses).singleElement().asString().contains("10.9.0.100");
    }

    @Test
    void route_and_rule_are_put_back_unless_they_vanish_again_and_again() {
        up(everything());
        host.run("ip", "route", "del", "192.0.2.0/24");
        receiveUntil(() -> everythingShown().contains("192.0.2.0/24 via"), "the route is back", 0);
        host.run("ip", "-6", "rule", "del", "prio", "400");
        receiveUntil(() -> everythingShown().contains("400: from all iif eth0 prohibit"), "the rule is back", 0);
        host.run("ip", "route", "del", "192.0.2.0/24");
        receiveUntil(() -> everythingShown().contains("192.0.2.0/24 via"), "the route is back", 5 * SECOND);
        assertThat(losses).isEmpty();
        host.run("ip", "route", "del", "192.0.2.0/24");
        receiveUntil(() -> !losses.isEmpty(), "the loss is told", 5 * SECOND + 1);
        assertThat(losses).singleElement().asString().contains("route 192.0.2.0/24", "again and again");
    }

    @Test
    void virtual_route_goes_before_one_that_is_there_and_gives_its_place_back() {
        host.run("ip", "route", "add", "default", "via", "10.9.0.2");
        VirtualRoute virtual = VirtualRoute.via(IpPrefix.all(AddressFamily.IPV4), IpAddress.parse("10.9.0.3"));
        VirtualRouterConfig before =
                router().address("10.9.0.100/24").route(virtual).build();
        assertThat(up(before)).isEmpty();
        assertThat(shows("ip", "route", "get", "192.0.2.1")).contains("via 10.9.0.3");
        assertThat(up(before)).as("it is known when it is there").isEmpty();
        assertThat(shows("ip", "route").split("via 10.9.0.3", -1)).hasSize(2);
        down(before);
        assertThat(shows("ip", "route", "get", "192.0.2.1")).contains("via 10.9.0.2");

        VirtualRoute behind = VirtualRoute.builder(IpPrefix.all(AddressFamily.IPV4))
                .nextHop(NextHop.via(IpAddress.parse("10.9.0.3"), "eth0"))
                .order(VirtualRoute.Order.APPEND)
                .realms(0x0002_0003)
                .build();
        VirtualRouterConfig after =
                router().address("10.9.0.100/24").route(behind).build();
        assertThat(up(after)).isEmpty();
        assertThat(shows("ip", "route", "get", "192.0.2.1")).contains("via 10.9.0.2");
        assertThat(shows("ip", "route")).contains("via 10.9.0.3");
        down(after);
        assertThat(shows("ip", "route")).doesNotContain("via 10.9.0.3");
    }

    @Test
    void packets_to_addresses_that_are_not_accepted_are_dropped_and_neighbours_still_found() {
        Requires.program("nft");
        Requires.program("timeout");
        VirtualRouterConfig router = router().address("10.9.0.100/24")
                .excludedAddress("2001:db8:9::100/64")
                .excludedAddress("fe80::100/64")
                .accept(false)
                .build();
        assertThat(up(router)).isEmpty();
        assertThat(answers("10.9.0.1")).isTrue();
        assertThat(answers("10.9.0.100")).isFalse();
        assertThat(answers("2001:db8:9::100")).isFalse();
        assertThat(answers("fe80::100%eth0")).isFalse();
        assertThat(peer.run("ip", "neigh")).contains("2001:db8:9::100 dev eth0 lladdr");
        assertThat(host.run("nft", "list", "ruleset").replaceAll("\\s+", " "))
                .contains("table ip keepstate", "table ip6 keepstate")
                .containsPattern("ip daddr @refused counter packets [1-9]")
                .contains("fe80::100 . \"eth0\"");
        assertThat(down(router)).isEmpty();
        assertThat(host.run("nft", "list", "ruleset"))
                .doesNotContain("10.9.0.100")
                .doesNotContain("fe80::100");
        assertThat(up(router().address("10.9.0.100/24").build())).isEmpty();
        assertThat(answers("10.9.0.100")).isTrue();
    }

    /** Whether a connection to a closed port is refused, instead of getting no answer at all. */
    private boolean answers(String address) {
        int code = peer.exec("timeout", "1", "bash", "-c", "</dev/tcp/" + address + "/9");
        assertThat(code).isIn(1, 124);
        return code == 1;
    }

    @Test
    void listener_reports_of_a_virtual_mac_leave_by_the_interface_below_as_long_as_it_exists() {
        Requires.program("nft");
        VirtualMacInterface mac = new VirtualMacInterface(
                "vrrp.51",
                host.index("lo"),
                "eth0",
                host.index("eth0"),
                MacAddress.parse("00:00:5e:00:01:33"),
                AddressFamily.IPV4,
                true);
        on(it -> {
            it.listenerReports().onCreated(mac);
            return 0;
        });
        String rules = host.run("nft", "list", "ruleset").replaceAll("\\s+", " ");
        assertThat(rules)
                .contains("elements = { \"lo\" : \"eth0\" }")
                .contains("meta l4proto igmp dup to ip daddr device oif map @parents drop")
                .contains("dup to ip6 daddr device oif map @parents drop");
        on(it -> {
            it.listenerReports().onRemoved(mac);
            return 0;
        });
        assertThat(host.run("nft", "list", "ruleset")).doesNotContain("elements");
    }

    @Test
    void owner_of_the_addresses_always_accepts() {
        Requires.program("nft");
        assertThat(up(router().address("10.9.0.100/24")
                        .accept(false)
                        .priority(255)
                        .build()))
                .isEmpty();
        assertThat(host.run("nft", "list", "ruleset")).doesNotContain("keepstate");
    }
}
