// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.RouteListener;
import io.keepstate.linux.route.RouteMonitor;
import io.keepstate.vrrp.AddressOptions;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class AddressLeaseKernelIT {

    private static final Duration FAST = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Two seconds of lease, 0.2 s of the kernel's, times three for a busy machine. */
    private static final Duration GONE_WITHIN = Duration.ofMillis(3 * 2200);

    private static final Duration HEALTH = Duration.ofSeconds(Boolean.getBoolean("keepstate.long") ? 60 : 8);

    private static final String FOUR = "10.9.0.100/24";
    private static final String SIX = "2001:db8:9::100/64";
    private static final String SIX_HOST = "2001:db8:9::101/128";

    private Lab lab;
    private LabNamespace host;
    private LabNamespace peer;

    @BeforeEach
    void cable(Lab some) {
        lab = some;
        host = lab.namespace("host");
        peer = lab.namespace("peer");
        lab.veth(host, "eth0", peer, "eth0");
        host.address("eth0", "10.9.0.1/24");
        peer.address("eth0", "10.9.0.2/24");
    }

    private LabProcess holder(Duration interval) {
        LabProcess process = host.start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                Holder.class.getName(),
                "100",
                Long.toString(interval.toMillis()),
                FOUR,
                SIX,
                SIX_HOST);
        Lab.eventually(PATIENCE, () -> holdsAll(), "the holder has its addresses: " + process.output());
        return process;
    }

    private boolean holdsAll() {
        return host.holds("10.9.0.100") && host.holds("2001:db8:9::100") && host.holds("2001:db8:9::101");
    }

    private boolean holdsNone() {
        return !host.holds("10.9.0.100") && !host.holds("2001:db8:9::100") && !host.holds("2001:db8:9::101");
    }

    private void signal(String name, LabProcess process) {
        // The shell's own kill: the program of that name is in a package that not every machine has.
        host.run("sh", "-c", "kill -" + name + " " + process.pid());
    }

    @Test
    void killed_process_loses_its_addresses_within_their_lifetime() {
        LabProcess holder = holder(FAST);
        signal("KILL", holder);
        Lab.eventually(GONE_WITHIN, this::holdsNone, "the kernel took the addresses of a killed process");
    }

    @Test
    void stopped_process_loses_its_addresses_and_has_them_again_only_by_an_election() {
        LabProcess holder = holder(FAST);
        signal("STOP", holder);
        Lab.eventually(GONE_WITHIN, this::holdsNone, "the kernel took the addresses of a stopped process");
        try (Host other = Host.start(peer, Holder.group(200, FAST, List.of(FOUR, SIX, SIX_HOST)))) {
            Lab.eventually(PATIENCE, () -> other.isActive() && other.holds("10.9.0.100"), "the peer took over");
            RouteMonitor monitor = lab.closing(host.get(RouteMonitor::open));
            Changes changes = new Changes();
            signal("CONT", holder);
            watch(monitor, changes, Duration.ofSeconds(2));
            assertThat(changes.added).isEmpty();
            assertThat(holdsNone()).isTrue();
        }
        Lab.eventually(PATIENCE, this::holdsAll, "elected, it has its addresses again");
    }

    @Test
    void healthy_process_never_lets_an_address_blink_or_change() {
        // A second: a machine so busy that it misses three of those is not healthy.
        LabProcess holder = holder(Duration.ofSeconds(1));
        RouteMonitor monitor = lab.closing(host.get(RouteMonitor::open));
        Changes changes = new Changes();
        Map<IpAddress, InterfaceAddress> before = held();
        watch(monitor, changes, HEALTH);
        assertThat(changes.removed).as(holder.output()).isEmpty();
        assertThat(changes.added).as("renewals").hasSizeGreaterThan(3 * (int) HEALTH.toSeconds() / 2);
        for (InterfaceAddress renewed : changes.added) {
            assertThat(withoutLifetime(renewed))
                    .isEqualTo(withoutLifetime(before.get(IpAddress.of(renewed.address()))));
        }
        assertThat(before.get(IpAddress.parse("2001:db8:9::101")).isDeprecated())
                .isTrue();
        assertThat(before.get(IpAddress.parse("2001:db8:9::100")).isDeprecated())
                .isFalse();
    }

    @Test
    void stuck_election_gets_no_renewal_and_a_renewal_changes_nothing_but_the_lifetime() {
        AtomicLong alive = new AtomicLong(System.nanoTime());
        List<String> losses = new ArrayList<>();
        HoldingsOwner owner = lab.closing(
                host.get(() -> HoldingsOwner.openWithLeases(alive::get, (router, what, now) -> losses.add(what))));
        AddressOptions options = AddressOptions.builder()
                .label("eth0:vip")
                .noPrefixRoute(true)
                .broadcast(IpAddress.parse("10.9.0.255"))
                .build();
        VirtualRouterConfig router = VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .virtualRouterId(51)
                .interval(Duration.ofMillis(100))
                .address(VirtualAddress.parse(FOUR, "eth0").withOptions(options))
                .build();
        assertThat(host.get(() -> owner.up(router, System.nanoTime()))).isEmpty();
        InterfaceAddress before = held().get(IpAddress.parse("10.9.0.100"));
        assertThat(before.label()).isEqualTo("eth0:vip");
        assertThat(before.validSeconds()).isBetween(1L, 2L);
        long healthyUntil = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        Lab.eventually(
                PATIENCE,
                () -> {
                    alive.set(System.nanoTime());
                    advance(owner);
                    assertThat(host.holds("10.9.0.100")).isTrue();
                    return System.nanoTime() > healthyUntil;
                },
                "three healthy seconds");
        assertThat(host.get(owner::renewals)).isGreaterThanOrEqualTo(3);
        assertThat(withoutLifetime(held().get(IpAddress.parse("10.9.0.100")))).isEqualTo(withoutLifetime(before));
        Lab.eventually(
                GONE_WITHIN,
                () -> {
                    advance(owner);
                    return !host.holds("10.9.0.100") && !losses.isEmpty();
                },
                "a stuck election loses the address");
        assertThat(host.get(owner::renewalsWithheld)).isPositive();
        assertThat(losses).hasSize(1);
    }

    @Test
    void lease_takes_over_an_address_that_was_left_behind() {
        host.address("eth0", FOUR);
        HoldingsOwner owner =
                lab.closing(host.get(() -> HoldingsOwner.openWithLeases(System::nanoTime, (router, what, now) -> {})));
        host.get(() -> owner.up(Holder.group(100, FAST, List.of(FOUR)).members().get(0), System.nanoTime()));
        assertThat(held().get(IpAddress.parse("10.9.0.100")).validSeconds()).isBetween(1L, 2L);
    }

    private void advance(HoldingsOwner owner) {
        host.get(() -> {
            owner.advance(System.nanoTime());
            return owner.receive(System.nanoTime());
        });
    }

    private void watch(RouteMonitor monitor, Changes changes, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Lab.eventually(
                time.plus(PATIENCE),
                () -> {
                    assertThat(monitor.receive(changes, 100)).isNotEqualTo(RouteMonitor.OVERRUN);
                    return System.nanoTime() > end;
                },
                "the time of watching");
    }

    private Map<IpAddress, InterfaceAddress> held() {
        Map<IpAddress, InterfaceAddress> held = new HashMap<>();
        host.route(rtnetlink -> rtnetlink.addresses())
                .forEach(address -> held.put(IpAddress.of(address.address()), address));
        return held;
    }

    private static InterfaceAddress withoutLifetime(InterfaceAddress address) {
        return InterfaceAddress.builder(address.interfaceIndex(), address.address(), address.prefixLength())
                .peer(address.peer())
                .broadcast(address.broadcast())
                .label(address.label())
                .scope(address.scope())
                .flags(address.flags())
                .protocol(address.protocol())
                .build();
    }

    private static final class Changes implements RouteListener {
        private final List<InterfaceAddress> added = new ArrayList<>();
        private final List<InterfaceAddress> removed = new ArrayList<>();

        @Override
        public void onAddress(InterfaceAddress address) {
            added.add(address);
        }

        @Override
        public void onAddressGone(InterfaceAddress address) {
            removed.add(address);
        }
    }
}
