// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnnouncementScheduleTest {

    private static final VirtualAddress FIRST = VirtualAddress.parse("192.0.2.100/24", "eth0");
    private static final VirtualAddress SECOND_ONE = VirtualAddress.parse("2001:db8::100/64", "eth0");

    private final List<VirtualAddress> announced = new ArrayList<>();

    @Test
    void a_burst_at_once_goes_round_the_addresses_and_a_second_one_follows_after_the_delay() {
        AnnouncementSchedule schedule = schedule(AnnouncementPolicy.DEFAULT.withDelay(Duration.ofSeconds(1)));
        assertThat(schedule.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        schedule.start(SECOND);
        assertThat(schedule.nextDeadline()).isEqualTo(SECOND);
        schedule.advance(SECOND, announced::add);
        assertThat(announced).hasSize(10);
        assertThat(announced.subList(0, 4)).containsExactly(FIRST, SECOND_ONE, FIRST, SECOND_ONE);
        assertThat(schedule.nextDeadline()).isEqualTo(2 * SECOND);
        schedule.advance(2 * SECOND - 1, announced::add);
        assertThat(announced).hasSize(10);
        schedule.advance(2 * SECOND, announced::add);
        assertThat(announced).hasSize(20);
        assertThat(schedule.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_delay_of_zero_means_no_second_burst() {
        AnnouncementSchedule schedule = schedule(AnnouncementPolicy.DEFAULT.withDelay(Duration.ZERO));
        schedule.start(0);
        schedule.advance(0, announced::add);
        assertThat(schedule.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void refreshes_begin_after_the_delay_and_keep_their_schedule() {
        AnnouncementSchedule schedule =
                schedule(new AnnouncementPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(2), 2));
        schedule.start(0);
        schedule.advance(0, announced::add);
        schedule.advance(SECOND, announced::add);
        announced.clear();
        assertThat(schedule.nextDeadline()).isEqualTo(3 * SECOND);
        schedule.advance(3 * SECOND + 5, announced::add);
        assertThat(announced).hasSize(4);
        assertThat(schedule.nextDeadline()).isEqualTo(5 * SECOND);
        schedule.advance(10 * SECOND, announced::add);
        assertThat(announced).hasSize(8);
        assertThat(schedule.nextDeadline()).isEqualTo(11 * SECOND);
    }

    @Test
    void announcing_again_is_one_more_pair_of_bursts_and_is_not_restarted_by_a_flood() {
        AnnouncementSchedule schedule = schedule(AnnouncementPolicy.DEFAULT.withDelay(Duration.ofSeconds(1)));
        schedule.start(0);
        schedule.advance(0, announced::add);
        schedule.advance(SECOND, announced::add);
        announced.clear();
        for (int i = 0; i < 100; i++) {
            schedule.again(2 * SECOND + i);
            schedule.advance(2 * SECOND + i, announced::add);
        }
        schedule.advance(3 * SECOND, announced::add);
        assertThat(announced).hasSize(20);
    }

    @Test
    void what_comes_while_it_runs_is_announced_alone_and_the_rest_keeps_its_times() {
        VirtualRouterConfig router = VirtualRouterConfig.builder("E1", "eth0")
                .virtualRouterId(51)
                .announcements(new AnnouncementPolicy(1, Duration.ofSeconds(5), Duration.ofSeconds(60), 1))
                .address(FIRST)
                .build();
        AnnouncementSchedule schedule = new AnnouncementSchedule(router);
        schedule.start(0);
        schedule.advance(0, announced::add);
        schedule.change(router.toBuilder().priority(150).build(), SECOND);
        schedule.advance(SECOND, announced::add);
        assertThat(announced).containsExactly(FIRST);
        assertThat(schedule.nextDeadline()).isEqualTo(5 * SECOND);

        announced.clear();
        VirtualRouterConfig both =
                router.toBuilder().excludedAddress(SECOND_ONE).build();
        schedule.change(both, 2 * SECOND);
        schedule.advance(2 * SECOND, announced::add);
        assertThat(announced).containsExactly(SECOND_ONE);
        schedule.advance(7 * SECOND, announced::add);
        assertThat(announced).as("the second burst of both").containsExactly(SECOND_ONE, FIRST, SECOND_ONE);
        assertThat(schedule.nextDeadline()).as("the refresh").isEqualTo(65 * SECOND);

        announced.clear();
        schedule.change(router, 8 * SECOND);
        schedule.advance(65 * SECOND, announced::add);
        assertThat(announced).containsExactly(FIRST);
    }

    @Test
    void once_stopped_nothing_is_announced() {
        AnnouncementSchedule schedule = schedule(AnnouncementPolicy.DEFAULT);
        schedule.start(0);
        schedule.stop();
        schedule.again(1);
        schedule.advance(Long.MAX_VALUE - 1, announced::add);
        assertThat(announced).isEmpty();
    }

    @Test
    void interfaces_without_advertisements_are_kept_known_to_switches_where_that_is_asked_for() {
        VirtualRouterConfig onOthers = VirtualRouterConfig.builder("E1", "eth0")
                .virtualRouterId(7)
                .address("192.0.2.1/24")
                .address(VirtualAddress.parse("192.0.2.2/24", "eth1"))
                .address(VirtualAddress.parse("192.0.2.3/24", "eth1"))
                .address(VirtualAddress.parse("192.0.2.4/24", "eth2")
                        .withOptions(AddressOptions.DEFAULT.onVirtualMac("vm2")))
                .announcements(AnnouncementPolicy.ONCE.withExtra(Duration.ofSeconds(100), false))
                .build();
        assertThat(extra(onOthers)).containsExactly("192.0.2.4/24 dev vm2");
        VirtualRouterConfig everywhere = onOthers.toBuilder()
                .announcements(AnnouncementPolicy.ONCE.withExtra(Duration.ofSeconds(100), true))
                .build();
        assertThat(extra(everywhere)).containsExactly("192.0.2.2/24 dev eth1", "192.0.2.4/24 dev vm2");
        VirtualRouterConfig onBase = onOthers.toBuilder()
                .virtualMac(new VirtualMac("vm1", Optional.empty(), true))
                .build();
        assertThat(extra(onBase))
                .as("advertisements leave from the base")
                .containsExactly("192.0.2.1/24 dev vm1", "192.0.2.4/24 dev vm2");
        VirtualRouterConfig never =
                onOthers.toBuilder().announcements(AnnouncementPolicy.ONCE).build();
        assertThat(extra(never)).isEmpty();
    }

    /** What is announced a hundred seconds after the burst, and a hundred seconds after that. */
    private List<String> extra(VirtualRouterConfig router) {
        AnnouncementSchedule schedule = new AnnouncementSchedule(router);
        schedule.start(0);
        schedule.advance(0, announced::add);
        announced.clear();
        schedule.advance(100 * SECOND, announced::add);
        List<String> first = announced.stream().map(VirtualAddress::toString).toList();
        announced.clear();
        schedule.advance(200 * SECOND - 1, announced::add);
        assertThat(announced).isEmpty();
        schedule.advance(200 * SECOND, announced::add);
        assertThat(announced).extracting(VirtualAddress::toString).isEqualTo(first);
        return first;
    }

    private static AnnouncementSchedule schedule(AnnouncementPolicy policy) {
        return new AnnouncementSchedule(policy, List.of(FIRST, SECOND_ONE));
    }
}
