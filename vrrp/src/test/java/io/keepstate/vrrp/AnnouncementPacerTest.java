// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnnouncementPacerTest {
    private static final long MILLI = 1_000_000;
    private static final Duration SLOW = Duration.ofMillis(100);
    private static final Duration FAST = Duration.ofMillis(10);

    private final List<String> sent = new ArrayList<>();
    private final AnnouncementPacer pacer =
            new AnnouncementPacer(address -> sent.add(since() + " " + address.address()));
    private final long start = 5_000 * MILLI;
    private long now = start;

    private long since() {
        return (now - start) / MILLI;
    }

    private static VirtualRouterConfigBuilder router(
            String name, int virtualRouterId, Duration arp, Duration neighbor) {
        return VirtualRouterConfig.builder(name, "eth0")
                .version(Version.V3)
                .virtualRouterId(virtualRouterId)
                .announcements(AnnouncementPolicy.DEFAULT.withIntervals(arp, neighbor));
    }

    private void announce(VirtualRouterConfig router) {
        router.allAddresses().forEach(pacer::announce);
    }

    /** As a loop does. */
    private void runUntil(long millis) {
        long end = start + millis * MILLI;
        while (pacer.nextDeadline() <= end) {
            now = Math.max(now, pacer.nextDeadline());
            pacer.advance(now);
        }
        now = end;
        pacer.advance(now);
    }

    @Test
    void without_a_pace_everything_leaves_at_once() {
        VirtualRouterConfig router = router("E1", 1, Duration.ZERO, Duration.ZERO)
                .address("192.0.2.1/24")
                .address("192.0.2.2/24")
                .build();
        pacer.pace(List.of(router));
        announce(router);
        announce(router);
        assertThat(sent).containsExactly("0 192.0.2.1", "0 192.0.2.2", "0 192.0.2.1", "0 192.0.2.2");
        assertThat(pacer.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void frames_of_all_routers_on_an_interface_share_its_pace_and_rounds_go_round_the_addresses() {
        VirtualRouterConfig one =
                router("E1", 1, SLOW, Duration.ZERO).address("192.0.2.1/24").build();
        VirtualRouterConfig two =
                router("E2", 2, FAST, Duration.ZERO).address("192.0.2.2/24").build();
        pacer.pace(List.of(one, two));
        pacer.advance(now);
        announce(one);
        announce(one);
        announce(two);
        announce(two);
        runUntil(1000);
        assertThat(sent).containsExactly("0 192.0.2.1", "100 192.0.2.1", "200 192.0.2.2", "300 192.0.2.2");
    }

    @Test
    void each_family_has_a_pace_of_its_own() {
        VirtualRouterConfig router = router("E1", 1, SLOW, FAST)
                .address("192.0.2.1/24")
                .excludedAddress("2001:db8::1/64")
                .build();
        pacer.pace(List.of(router));
        pacer.advance(now);
        announce(router);
        announce(router);
        runUntil(1000);
        assertThat(sent).containsExactly("0 192.0.2.1", "0 2001:db8::1", "10 2001:db8::1", "100 192.0.2.1");
    }

    /** keepalived paces by the interface below: to the switch all of them are one port. */
    @Test
    void virtual_macs_on_one_interface_share_its_pace() {
        VirtualRouterConfig one = router("E1", 1, SLOW, Duration.ZERO)
                .virtualMac(new VirtualMac("vrrp.1", Optional.empty(), false))
                .address("192.0.2.1/24")
                .build();
        VirtualRouterConfig two = router("E2", 2, SLOW, Duration.ZERO)
                .virtualMac(new VirtualMac("vrrp.2", Optional.empty(), false))
                .address("192.0.2.2/24")
                .build();
        assertThat(two.allAddresses().get(0).interfaceName()).isEqualTo("vrrp.2");
        pacer.pace(List.of(one, two));
        pacer.advance(now);
        announce(one);
        announce(two);
        pacer.announce(VirtualAddress.parse("192.0.2.3", "eth0"));
        runUntil(1000);
        assertThat(sent).containsExactly("0 192.0.2.1", "100 192.0.2.2", "200 192.0.2.3");
    }

    @Test
    void an_interface_with_a_pause_of_its_own_keeps_that_and_no_other() {
        AnnouncementPolicy policy = AnnouncementPolicy.DEFAULT
                .withIntervals(FAST, FAST)
                .withPauses(Map.of("eth1", new AnnouncementPolicy.Pause(SLOW, SLOW)));
        VirtualRouterConfig router = router("E1", 1, FAST, FAST)
                .announcements(policy)
                .address("192.0.2.1/24")
                .address(VirtualAddress.parse("10.1.0.1/24", "eth1"))
                .build();
        pacer.pace(List.of(router));
        pacer.advance(now);
        announce(router);
        announce(router);
        runUntil(1000);
        assertThat(sent).containsExactly("0 192.0.2.1", "0 10.1.0.1", "10 192.0.2.1", "100 10.1.0.1");
    }

    @Test
    void a_shorter_pause_counts_at_once_also_for_what_waits() {
        VirtualRouterConfig slow =
                router("E1", 1, SLOW, SLOW).address("192.0.2.1/24").build();
        pacer.pace(List.of(slow));
        pacer.advance(now);
        for (int i = 0; i < 4; i++) {
            announce(slow);
        }
        runUntil(20);
        pacer.pace(List.of(router("E1", 1, FAST, FAST).address("192.0.2.1/24").build()));
        runUntil(35);
        assertThat(sent).containsExactly("0 192.0.2.1", "20 192.0.2.1", "30 192.0.2.1");
        pacer.pace(List.of(router("E1", 1, Duration.ZERO, Duration.ZERO)
                .address("192.0.2.1/24")
                .build()));
        pacer.advance(now);
        assertThat(sent).hasSize(4).endsWith("35 192.0.2.1");
        announce(slow);
        assertThat(sent).hasSize(5);
    }

    @Test
    void the_pace_of_a_router_that_is_gone_counts_no_more() {
        VirtualRouterConfig slow =
                router("E1", 1, SLOW, SLOW).address("192.0.2.1/24").build();
        VirtualRouterConfig fast =
                router("E2", 2, FAST, FAST).address("192.0.2.2/24").build();
        pacer.pace(List.of(slow, fast));
        pacer.advance(now);
        pacer.forget(List.of(slow));
        announce(fast);
        announce(fast);
        runUntil(1000);
        assertThat(sent).containsExactly("0 192.0.2.2", "10 192.0.2.2");
    }

    @Test
    void what_waits_for_addresses_that_go_down_is_forgotten() {
        VirtualRouterConfig router = router("E1", 1, SLOW, SLOW)
                .address("192.0.2.1/24")
                .address("192.0.2.2/24")
                .build();
        pacer.pace(List.of(router));
        pacer.advance(now);
        announce(router);
        announce(router);
        pacer.cancel(router.allAddresses());
        runUntil(1000);
        assertThat(sent).containsExactly("0 192.0.2.1");
    }
}
