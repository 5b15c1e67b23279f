// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.MILLI;
import static io.keepstate.vrrp.Bench.OURS;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static io.keepstate.vrrp.Bench.skew;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import org.junit.jupiter.api.Test;

/**
 * One test for each requirement of RFC 9568 section 6 that is a matter of state, priority and time. A name has the
 * section and the number that RFC 5798 gives the step; RFC 9568 has the same steps without numbers. Steps about ARP,
 * neighbour discovery and forwarding are those of the application and the kernel: docs/vrrp.md says where they are
 * tested.
 */
class Rfc9568Section6Test {

    @Test
    void s6_1_skew_time_is_the_active_interval_scaled_by_256_minus_priority() {
        assertThat(ActiveDownInterval.skewNanos(Version.V3, 100, 100)).isEqualTo(609_375_000L);
        assertThat(ActiveDownInterval.skewNanos(Version.V3, 50, 10)).isEqualTo(80_468_750L);
        assertThat(ActiveDownInterval.skewNanos(Version.V3, 254, 1)).isEqualTo(78_125L);
        assertThat(ActiveDownInterval.skewNanos(Version.V3, 255, 100)).isEqualTo(3_906_250L);
    }

    @Test
    void s6_1_active_down_interval_is_three_active_intervals_and_the_skew() {
        assertThat(ActiveDownInterval.nanos(Version.V3, 100, 100)).isEqualTo(3_609_375_000L);
        assertThat(ActiveDownInterval.nanos(Version.V3, 254, 1)).isEqualTo(30_078_125L);
        // The interval of a router that says 3 s; measured with keepalived: 10.827 s.
        assertThat(ActiveDownInterval.nanos(Version.V3, 100, 300)).isEqualTo(10_828_125_000L);
    }

    @Test
    void s6_1_active_adver_interval_starts_as_the_own_interval() {
        assertThat(Bench.backup().router.activeIntervalCentis()).isEqualTo(100);
    }

    @Test
    void s6_1_priority_is_100_and_preempt_mode_true_if_nothing_is_said() {
        VirtualRouterConfig config = Bench.config(Version.V3).build();
        assertThat(config.priority()).isEqualTo(100);
        assertThat(config.intervalCentis()).isEqualTo(100);
        assertThat(config.preempt()).isTrue();
    }

    @Test
    void s6_1_the_owner_accepts_packets_to_its_addresses_whatever_accept_mode_says() {
        assertThat(Bench.config(Version.V3).accept(false).build().accept()).isFalse();
        assertThat(Bench.config(Version.V3).priority(255).accept(false).build().accept())
                .isTrue();
    }

    @Test
    void s6_1_the_owner_preempts_whatever_preempt_mode_says() {
        Bench bench =
                new Bench(Bench.config(Version.V3).priority(255).preempt(false).build());
        bench.router.start(bench.now);
        bench.hear(200, HIGHER);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        // As a backup, which another owner made it, as well.
        bench.hear(255, HIGHER);
        bench.after(SECOND);
        long elected = bench.router.nextDeadline();
        bench.hear(200, LOWER);
        assertThat(bench.router.nextDeadline()).isEqualTo(elected);
    }

    @Test
    void s6_4_1_100_nothing_happens_before_startup() {
        Bench bench = new Bench(Bench.config(Version.V3).build());
        bench.hear(200, HIGHER);
        bench.router.advance(Long.MAX_VALUE - 1);
        assertThat(bench.router.state()).isEqualTo(State.INITIALIZE);
        assertThat(bench.router.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(bench.recorder.effects).isEmpty();
        assertThat(bench.router.counters().advertsIgnored()).isEqualTo(1);
    }

    @Test
    void s6_4_1_105_to_145_the_owner_advertises_sets_the_advertisement_timer_and_becomes_active() {
        Bench bench = new Bench(Bench.config(Version.V3).priority(255).build());
        bench.router.start(bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 sends 255", "E1 ACTIVE");
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.OWNER);
        assertThat(bench.remaining()).isEqualTo(SECOND);
    }

    @Test
    void s6_4_1_155_to_165_anyone_else_takes_its_own_interval_sets_the_down_timer_and_becomes_backup() {
        Bench bench = new Bench(Bench.config(Version.V3).build());
        bench.router.start(bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 BACKUP");
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(100);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
    }

    @Test
    void s6_4_1_155_after_a_stop_nothing_learned_before_counts() {
        Bench bench = Bench.backup();
        bench.hear(200, 20, HIGHER);
        bench.router.stop(bench.now);
        bench.router.start(bench.now);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(100);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
    }

    @Test
    void s6_4_2_345_to_355_shutdown_cancels_the_timer_and_goes_to_initialize_without_a_word() {
        Bench bench = Bench.backup();
        bench.router.stop(bench.now);
        assertThat(bench.router.state()).isEqualTo(State.INITIALIZE);
        assertThat(bench.router.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(bench.recorder.sent()).isEmpty();
    }

    @Test
    void s6_4_2_365_the_down_timer_does_not_fire_early() {
        Bench bench = Bench.backup();
        bench.router.advance(bench.router.nextDeadline() - 1);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void s6_4_2_370_to_410_when_the_down_timer_fires_it_advertises_sets_the_advertisement_timer_and_becomes_active() {
        Bench bench = Bench.backup();
        bench.untilDeadline();
        assertThat(bench.recorder.story()).containsExactly("E1 sends 100", "E1 ACTIVE");
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.ACTIVE_SILENT);
        assertThat(bench.remaining()).isEqualTo(SECOND);
    }

    @Test
    void s6_4_2_405_the_advertisement_timer_is_that_of_the_own_interval_and_the_learned_one_is_forgotten() {
        Bench bench = Bench.backup();
        bench.hear(200, 20, HIGHER);
        bench.untilDeadline();
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(100);
        assertThat(bench.remaining()).isEqualTo(SECOND);
        assertThat(bench.recorder.advertisements().get(0).intervalCentis()).isEqualTo(100);
    }

    @Test
    void s6_4_2_430_priority_zero_sets_the_down_timer_to_the_skew_time() {
        Bench bench = Bench.backup();
        bench.hear(200, HIGHER);
        bench.after(100 * MILLI);
        bench.hear(0, HIGHER);
        assertThat(bench.remaining()).isEqualTo(skew(100, SECOND));
        bench.untilDeadline();
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.ACTIVE_RESIGNED);
    }

    @Test
    void s6_4_2_430_the_skew_time_is_that_of_the_learned_interval() {
        Bench bench = Bench.backup();
        bench.hear(200, 20, HIGHER);
        bench.hear(0, 20, HIGHER);
        assertThat(bench.remaining()).isEqualTo(skew(100, SECOND / 5));
    }

    @Test
    void s6_4_2_430_priority_zero_sets_the_timer_even_if_less_was_left() {
        Bench bench = Bench.backup();
        bench.after(down(100, SECOND) - 5 * MILLI);
        bench.hear(0, HIGHER);
        assertThat(bench.remaining()).isEqualTo(skew(100, SECOND));
    }

    @Test
    void s6_4_2_430_each_priority_zero_sets_the_down_timer_anew() {
        Bench bench = Bench.backup();
        bench.hear(0, HIGHER);
        bench.after(300 * MILLI);
        bench.hear(0, HIGHER);
        assertThat(bench.remaining()).isEqualTo(skew(100, SECOND));
    }

    @Test
    void s6_4_2_445_to_460_a_higher_or_equal_priority_resets_the_down_timer() {
        for (int priority : new int[] {100, 101, 255}) {
            Bench bench = Bench.backup();
            bench.after(3 * SECOND);
            bench.hear(priority, LOWER);
            assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
        }
    }

    @Test
    void s6_4_2_445_an_equal_priority_is_accepted_whoever_has_the_greater_address() {
        for (IpAddress source : new IpAddress[] {LOWER, HIGHER}) {
            Bench bench = Bench.backup();
            bench.hear(100, source);
            assertThat(bench.router.state()).isEqualTo(State.BACKUP);
            assertThat(bench.router.activeRouter()).isEqualTo(source);
        }
    }

    @Test
    void s6_4_2_445_without_preempt_mode_a_lower_priority_is_accepted() {
        Bench bench = Bench.backup(it -> it.preempt(false));
        bench.after(3 * SECOND);
        bench.hear(1, LOWER);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
    }

    @Test
    void s6_4_2_450_to_455_the_interval_is_learned_and_skew_and_down_interval_are_recomputed() {
        Bench bench = Bench.backup();
        bench.hear(200, 20, HIGHER);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(20);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND / 5));
        assertThat(bench.recorder.notes()).containsExactly(Note.INTERVAL_DIFFERS);
    }

    @Test
    void s6_4_2_450_a_learned_interval_is_not_believed_beyond_the_configured_limit() {
        Bench bench = Bench.backup();
        bench.hear(200, 4095, HIGHER);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(1000);
        assertThat(bench.router.counters().intervalsCapped()).isEqualTo(1);
        assertThat(bench.recorder.notes()).containsExactly(Note.LEARNED_INTERVAL_CAPPED);
    }

    @Test
    void s6_4_2_470_preempt_mode_discards_a_lower_priority_and_lets_the_timer_run() {
        Bench bench = Bench.backup();
        long before = bench.router.nextDeadline();
        bench.after(SECOND);
        bench.hear(99, 20, HIGHER);
        assertThat(bench.router.nextDeadline()).isEqualTo(before);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(100);
        bench.untilDeadline();
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.PREEMPTING);
    }

    @Test
    void s6_4_3_660_to_670_shutdown_cancels_the_timer_sends_priority_zero_and_goes_to_initialize() {
        Bench bench = Bench.active();
        bench.router.stop(bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 sends 0", "E1 INITIALIZE");
        assertThat(bench.router.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void s6_4_3_680_the_advertisement_timer_does_not_fire_early() {
        Bench bench = Bench.active();
        bench.router.advance(bench.router.nextDeadline() - 1);
        assertThat(bench.recorder.sent()).isEmpty();
    }

    @Test
    void s6_4_3_685_to_690_the_advertisement_timer_advertises_and_is_set_again() {
        Bench bench = Bench.active();
        bench.untilDeadline();
        bench.untilDeadline();
        assertThat(bench.recorder.sent()).containsExactly(100, 100);
        assertThat(bench.remaining()).isEqualTo(SECOND);
    }

    @Test
    void s6_4_3_710_to_715_priority_zero_is_answered_at_once_and_resets_the_advertisement_timer() {
        Bench bench = Bench.active();
        bench.after(400 * MILLI);
        bench.hear(0, HIGHER);
        assertThat(bench.recorder.sent()).containsExactly(100);
        assertThat(bench.remaining()).isEqualTo(SECOND);
    }

    @Test
    void s6_4_3_725_to_765_a_higher_priority_makes_it_backup_with_the_interval_it_heard() {
        Bench bench = Bench.active();
        bench.hear(101, 50, LOWER);
        assertThat(bench.recorder.sent()).isEmpty();
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.HIGHER_PRIORITY);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(50);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND / 2));
        assertThat(bench.router.activeRouter()).isEqualTo(LOWER);
        assertThat(bench.router.activePriority()).isEqualTo(101);
    }

    @Test
    void s6_4_3_735_an_equal_priority_from_a_greater_address_makes_it_backup() {
        Bench bench = Bench.active();
        bench.hear(100, HIGHER);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.HIGHER_ADDRESS);
    }

    @Test
    void s6_4_3_735_addresses_are_compared_as_unsigned_integers_in_network_order() {
        Bench ipv4 = Bench.active();
        ipv4.hear(100, IpAddress.parse("203.0.113.1"));
        assertThat(ipv4.router.state()).isEqualTo(State.BACKUP);
        Bench small = Bench.active();
        small.hear(100, IpAddress.parse("10.255.255.255"));
        assertThat(small.router.state()).isEqualTo(State.ACTIVE);

        VirtualRouterConfig six = VirtualRouterConfig.builder("E6", "eth0")
                .virtualRouterId(51)
                .address("fe80::100/64")
                .build();
        Bench ipv6 = new Bench(six);
        ipv6.router.start(ipv6.now);
        ipv6.untilDeadline();
        ipv6.hear(100, IpAddress.parse("fe80::4"));
        assertThat(ipv6.router.state()).isEqualTo(State.ACTIVE);
        ipv6.hear(100, IpAddress.parse("fe80::8000:0:0:1"));
        assertThat(ipv6.router.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void s6_4_3_735_after_the_own_address_changed_the_new_one_is_compared() {
        Bench bench = Bench.active();
        bench.router.setSourceAddress(IpAddress.parse("192.0.2.20"));
        bench.hear(100, HIGHER);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void s6_4_3_775_a_lower_priority_is_answered_at_once_and_the_schedule_stays() {
        Bench bench = Bench.active();
        long before = bench.router.nextDeadline();
        bench.after(400 * MILLI);
        bench.hear(99, HIGHER);
        assertThat(bench.recorder.story()).containsExactly("E1 sends 100", "E1 reannounces", "E1 hears 99 lose");
        assertThat(bench.router.nextDeadline()).isEqualTo(before);
        assertThat(bench.router.counters().losingAdvertsAnswered()).isEqualTo(1);
    }

    @Test
    void s6_4_3_775_an_equal_priority_from_a_smaller_address_is_answered_at_once() {
        Bench bench = Bench.active();
        bench.hear(100, LOWER);
        assertThat(bench.recorder.sent()).containsExactly(100);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    /**
     * RFC 9568 knows no exception for the own address, and it must not be one: two routers that were given one source address
     * (keepalived: mcast_src_ip, the same on both) would stay active both for ever. Only what is likely our own voice is left
     * alone, as keepalived leaves equal priority from the equal address alone.
     */
    @Test
    void s6_4_3_725_a_higher_priority_makes_it_backup_even_from_its_own_address() {
        Bench bench = Bench.active();
        bench.hear(200, OURS);
        assertThat(bench.recorder.story()).containsExactly("E1 notes DUPLICATE_SOURCE", "E1 BACKUP");
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.HIGHER_PRIORITY);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
    }

    @Test
    void s6_4_3_775_a_lower_priority_is_answered_even_from_its_own_address() {
        Bench bench = Bench.active();
        bench.hear(99, OURS);
        assertThat(bench.recorder.sent()).containsExactly(100);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void s6_4_3_710_priority_zero_is_answered_even_from_its_own_address() {
        Bench bench = Bench.active();
        bench.hear(0, OURS);
        assertThat(bench.recorder.sent()).containsExactly(100);
    }

    @Test
    void s6_4_3_an_echo_of_its_own_advertisement_is_noted_and_nothing_else() {
        Bench bench = Bench.active();
        long before = bench.router.nextDeadline();
        bench.hear(100, OURS);
        bench.hear(100, OURS);
        assertThat(bench.recorder.story()).containsExactly("E1 notes DUPLICATE_SOURCE");
        assertThat(bench.router.nextDeadline()).isEqualTo(before);
    }

    /**
     * An echo is a packet that we sent: our address, and a priority that we had when it left. If the priority has fallen since,
     * it looks like a better router; to yield would leave nobody active for a down interval. A network that loops returns it in
     * milliseconds, but it may wait in our own socket; what is older than the down interval is no sign of life of anybody, and
     * a router that goes on to say it is another one.
     */
    @Test
    void s6_4_3_an_echo_of_a_priority_that_it_had_lately_is_no_other_router() {
        Bench bench = Bench.active();
        bench.router.setPriority(150, bench.now);
        bench.untilDeadline();
        bench.router.setPriority(40, bench.now);
        bench.hear(150, OURS);
        bench.untilDeadline();
        bench.hear(150, OURS);
        bench.hear(100, OURS);
        assertThat(bench.recorder.notes()).containsExactly(Note.DUPLICATE_SOURCE);
        assertThat(bench.recorder.sent()).as("on its schedule only").containsExactly(150, 40);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);

        bench.untilDeadline();
        bench.untilDeadline();
        bench.untilDeadline();
        bench.hear(150, OURS);
        assertThat(bench.router.state()).as("four intervals later").isEqualTo(State.BACKUP);
    }

    /** It resigned, nobody came, and it was elected again while its own farewell was on the way. */
    @Test
    void s6_4_3_an_echo_of_its_own_resignation_is_not_answered() {
        Bench bench = Bench.active();
        bench.router.onAddressLost("192.0.2.100", bench.now);
        bench.untilDeadline();
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        bench.recorder.clear();
        bench.hear(0, OURS);
        assertThat(bench.recorder.story()).containsExactly("E1 notes DUPLICATE_SOURCE");
    }
}
