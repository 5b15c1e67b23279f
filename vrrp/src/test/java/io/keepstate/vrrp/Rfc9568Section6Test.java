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

import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One test for each requirement of RFC 9568 section 6 that is a matter of state, priority and time. */
class Rfc9568Section6Test {

    @Nested
    class Section_6_1_parameters {
        @Test
        void skew_time_is_the_active_interval_scaled_by_256_minus_priority() {
            assertThat(ActiveDownInterval.skewNanos(Version.V3, 100, 100)).isEqualTo(609_375_000L);
            assertThat(ActiveDownInterval.skewNanos(Version.V3, 50, 10)).isEqualTo(80_468_750L);
            assertThat(ActiveDownInterval.skewNanos(Version.V3, 254, 1)).isEqualTo(78_125L);
        }

        @Test
        void active_down_interval_is_three_active_intervals_and_the_skew() {
            assertThat(ActiveDownInterval.nanos(Version.V3, 100, 100)).isEqualTo(3_609_375_000L);
            assertThat(ActiveDownInterval.nanos(Version.V3, 254, 1)).isEqualTo(30_078_125L);
            // The interval of a router that says 3 s; measured with keepalived: 10.827 s.
            assertThat(ActiveDownInterval.nanos(Version.V3, 100, 300)).isEqualTo(10_828_125_000L);
        }

        @Test
        void active_adver_interval_starts_as_the_own_interval() {
            assertThat(Bench.backup().router.activeIntervalCentis()).isEqualTo(100);
        }
    }

    @Nested
    class Section_6_4_1_initialize {
        @Test
        void nothing_happens_before_startup() {
            Bench bench = new Bench(Bench.config(Version.V3).build());
            bench.hear(200, HIGHER);
            bench.router.advance(Long.MAX_VALUE - 1);
            assertThat(bench.router.state()).isEqualTo(State.INITIALIZE);
            assertThat(bench.router.nextDeadline()).isEqualTo(Long.MAX_VALUE);
            assertThat(bench.recorder.effects).isEmpty();
            assertThat(bench.router.counters().advertsIgnored()).isEqualTo(1);
        }

        @Test
        void the_owner_advertises_and_becomes_active_at_startup() {
            Bench bench = new Bench(Bench.config(Version.V3).priority(255).build());
            bench.router.start(bench.now);
            assertThat(bench.recorder.story()).containsExactly("E1 sends 255", "E1 ACTIVE");
            assertThat(bench.recorder.reasons()).contains(TransitionReason.OWNER);
            assertThat(bench.remaining()).isEqualTo(SECOND);
        }

        @Test
        void anyone_else_sets_the_down_timer_and_becomes_backup() {
            Bench bench = new Bench(Bench.config(Version.V3).build());
            bench.router.start(bench.now);
            assertThat(bench.recorder.story()).containsExactly("E1 BACKUP");
            assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
        }
    }

    @Nested
    class Section_6_4_2_backup {
        @Test
        void shutdown_cancels_the_timer_and_goes_to_initialize_without_a_word() {
            Bench bench = Bench.backup();
            bench.router.stop(bench.now);
            assertThat(bench.router.state()).isEqualTo(State.INITIALIZE);
            assertThat(bench.router.nextDeadline()).isEqualTo(Long.MAX_VALUE);
            assertThat(bench.recorder.sent()).isEmpty();
        }

        @Test
        void the_down_timer_does_not_fire_early() {
            Bench bench = Bench.backup();
            bench.router.advance(bench.router.nextDeadline() - 1);
            assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        }

        @Test
        void when_the_down_timer_fires_it_advertises_sets_the_advertisement_timer_and_becomes_active() {
            Bench bench = Bench.backup();
            bench.untilDeadline();
            assertThat(bench.recorder.story()).containsExactly("E1 sends 100", "E1 ACTIVE");
            assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.ACTIVE_SILENT);
            assertThat(bench.remaining()).isEqualTo(SECOND);
        }

        @Test
        void priority_zero_sets_the_down_timer_to_the_skew_time() {
            Bench bench = Bench.backup();
            bench.hear(200, HIGHER);
            bench.after(100 * MILLI);
            bench.hear(0, HIGHER);
            assertThat(bench.remaining()).isEqualTo(skew(100, SECOND));
            bench.untilDeadline();
            assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.ACTIVE_RESIGNED);
        }

        @Test
        void repeated_resignations_do_not_put_the_election_off() {
            Bench bench = Bench.backup();
            bench.hear(0, HIGHER);
            long elected = bench.router.nextDeadline();
            bench.after(300 * MILLI);
            bench.hear(0, HIGHER);
            assertThat(bench.router.nextDeadline()).isEqualTo(elected);
        }

        @Test
        void a_higher_or_equal_priority_resets_the_down_timer() {
            for (int priority : new int[] {100, 101, 255}) {
                Bench bench = Bench.backup();
                bench.after(3 * SECOND);
                bench.hear(priority, LOWER);
                assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
            }
        }

        @Test
        void the_interval_of_the_active_router_is_learned_and_skew_and_down_interval_are_recomputed() {
            Bench bench = Bench.backup();
            bench.hear(200, 20, HIGHER);
            assertThat(bench.router.activeIntervalCentis()).isEqualTo(20);
            assertThat(bench.remaining()).isEqualTo(down(100, SECOND / 5));
            assertThat(bench.recorder.notes()).containsExactly(Note.INTERVAL_DIFFERS);
        }

        @Test
        void a_learned_interval_is_not_believed_beyond_the_configured_limit() {
            Bench bench = Bench.backup();
            bench.hear(200, 4095, HIGHER);
            assertThat(bench.router.activeIntervalCentis()).isEqualTo(1000);
            assertThat(bench.router.counters().intervalsCapped()).isEqualTo(1);
            assertThat(bench.recorder.notes()).containsExactly(Note.LEARNED_INTERVAL_CAPPED);
        }

        @Test
        void preempt_mode_discards_a_lower_priority_and_lets_the_timer_run() {
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
        void without_preempt_mode_a_lower_priority_is_accepted() {
            Bench bench = Bench.backup(it -> it.preempt(false));
            bench.after(3 * SECOND);
            bench.hear(1, LOWER);
            assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
        }
    }

    @Nested
    class Section_6_4_3_active {
        @Test
        void shutdown_sends_priority_zero_and_goes_to_initialize() {
            Bench bench = Bench.active();
            bench.router.stop(bench.now);
            assertThat(bench.recorder.story()).containsExactly("E1 sends 0", "E1 INITIALIZE");
            assertThat(bench.router.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        }

        @Test
        void the_advertisement_timer_advertises_and_is_set_again() {
            Bench bench = Bench.active();
            bench.untilDeadline();
            bench.untilDeadline();
            assertThat(bench.recorder.sent()).containsExactly(100, 100);
            assertThat(bench.remaining()).isEqualTo(SECOND);
        }

        @Test
        void priority_zero_is_answered_at_once_and_resets_the_advertisement_timer() {
            Bench bench = Bench.active();
            bench.after(400 * MILLI);
            bench.hear(0, HIGHER);
            assertThat(bench.recorder.sent()).containsExactly(100);
            assertThat(bench.remaining()).isEqualTo(SECOND);
        }

        @Test
        void a_higher_priority_makes_it_backup_with_the_interval_it_heard() {
            Bench bench = Bench.active();
            bench.hear(101, 50, LOWER);
            assertThat(bench.recorder.sent()).isEmpty();
            assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.HIGHER_PRIORITY);
            assertThat(bench.router.state()).isEqualTo(State.BACKUP);
            assertThat(bench.router.activeIntervalCentis()).isEqualTo(50);
            assertThat(bench.remaining()).isEqualTo(down(100, SECOND / 2));
            assertThat(bench.router.activeRouter()).isEqualTo(LOWER);
        }

        @Test
        void an_equal_priority_from_a_greater_address_makes_it_backup() {
            Bench bench = Bench.active();
            bench.hear(100, HIGHER);
            assertThat(bench.router.state()).isEqualTo(State.BACKUP);
            assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.HIGHER_ADDRESS);
        }

        @Test
        void a_lower_priority_is_answered_at_once_and_the_schedule_stays() {
            Bench bench = Bench.active();
            long before = bench.router.nextDeadline();
            bench.after(400 * MILLI);
            bench.hear(99, HIGHER);
            assertThat(bench.recorder.story()).containsExactly("E1 sends 100", "E1 reannounces", "E1 hears 99 lose");
            assertThat(bench.router.nextDeadline()).isEqualTo(before);
            assertThat(bench.router.counters().losingAdvertsAnswered()).isEqualTo(1);
        }

        @Test
        void an_equal_priority_from_a_smaller_address_is_answered_at_once() {
            Bench bench = Bench.active();
            bench.hear(100, LOWER);
            assertThat(bench.recorder.sent()).containsExactly(100);
            assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        }

        @Test
        void an_advertisement_from_its_own_address_is_noted_and_nothing_else() {
            Bench bench = Bench.active();
            long before = bench.router.nextDeadline();
            for (int priority : new int[] {0, 100, 200}) {
                bench.hear(priority, OURS);
            }
            assertThat(bench.recorder.story()).containsExactly("E1 notes DUPLICATE_SOURCE");
            assertThat(bench.router.nextDeadline()).isEqualTo(before);
        }

        @Test
        void of_two_owners_the_smaller_address_yields_and_the_other_stays() {
            Bench bench = active255();
            bench.hear(255, LOWER);
            assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
            bench.hear(255, HIGHER);
            assertThat(bench.router.state()).isEqualTo(State.BACKUP);
            assertThat(bench.recorder.notes()).contains(Note.SECOND_OWNER);
        }

        @Test
        void the_own_interval_counts_again_after_becoming_active() {
            Bench bench = Bench.backup();
            bench.hear(200, 20, HIGHER);
            bench.untilDeadline();
            assertThat(bench.router.activeIntervalCentis()).isEqualTo(100);
            assertThat(bench.remaining()).isEqualTo(SECOND);
            assertThat(bench.recorder.advertisements().get(0).intervalCentis()).isEqualTo(100);
        }

        private Bench active255() {
            Bench bench = Bench.backup(it -> it.priority(255));
            assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
            return bench;
        }
    }

    @Nested
    class Beyond_the_letter {
        @Test
        void a_late_timer_keeps_the_schedule_and_skips_what_is_overdue_by_whole_intervals() {
            Bench bench = Bench.active(it -> it.interval(Duration.ofMillis(100)).lateTimerGuard(false));
            long due = bench.router.nextDeadline();
            bench.router.advance(due + 30 * MILLI);
            assertThat(bench.router.nextDeadline()).isEqualTo(due + 100 * MILLI);
            bench.router.advance(due + 350 * MILLI);
            assertThat(bench.router.nextDeadline()).isEqualTo(due + 400 * MILLI);
            assertThat(bench.recorder.sent()).hasSize(2);
            assertThat(bench.router.counters().advertsSkipped()).isEqualTo(2);
        }

        @Test
        void with_the_late_timer_guard_it_yields_after_a_pause_in_which_others_took_over() {
            Bench guarded = Bench.active();
            guarded.router.advance(guarded.router.nextDeadline() + 3 * SECOND);
            assertThat(guarded.recorder.sent()).isEmpty();
            assertThat(guarded.recorder.reasons()).containsExactly(TransitionReason.LATE);

            Bench plain = Bench.active(it -> it.lateTimerGuard(false));
            plain.router.advance(plain.router.nextDeadline() + 3 * SECOND);
            assertThat(plain.router.state()).isEqualTo(State.ACTIVE);
        }

        @Test
        void a_changed_priority_shifts_the_running_down_timer_by_the_difference_of_the_skews() {
            Bench bench = Bench.backup();
            bench.after(SECOND);
            bench.router.setPriority(200, bench.now);
            assertThat(bench.router.nextDeadline() - Bench.START).isEqualTo(down(200, SECOND));
            bench.untilDeadline();
            assertThat(bench.recorder.sent()).containsExactly(200);
        }

        @Test
        void giving_the_role_away_sends_priority_zero_and_waits_a_whole_down_interval() {
            Bench bench = Bench.active();
            bench.after(10 * MILLI);
            bench.router.resign("handover", bench.now);
            assertThat(bench.recorder.story()).containsExactly("E1 sends 0", "E1 BACKUP");
            assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
        }

        @Test
        void a_different_address_list_is_noted_once_and_the_advertisement_counts_all_the_same() {
            Bench bench = Bench.backup();
            bench.after(SECOND);
            VirtualRouterConfig other =
                    Bench.config(Version.V3).address("192.0.2.101/24").build();
            Recorder theirs = new Recorder();
            VirtualRouter peer = new VirtualRouter(other, HIGHER, theirs);
            peer.start(0);
            peer.advance(peer.nextDeadline());
            for (int i = 0; i < 3; i++) {
                bench.router.onAdvertisement(theirs.advertisements().get(0), HIGHER, bench.now);
            }
            assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
            assertThat(bench.recorder.notes()).containsExactly(Note.ADDRESS_LIST_MISMATCH);
            assertThat(bench.router.counters().addressListMismatches()).isEqualTo(3);
        }

        @Test
        void the_same_advertisement_object_is_handed_out_every_time() {
            Bench bench = Bench.active();
            bench.untilDeadline();
            bench.untilDeadline();
            assertThat(bench.recorder.effects.get(0)).isSameAs(bench.recorder.effects.get(1));
        }
    }
}
