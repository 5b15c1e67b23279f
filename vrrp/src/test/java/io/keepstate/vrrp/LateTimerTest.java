// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.MILLI;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop that slept: nobody may be harmed by what it does when it wakes. */
class LateTimerTest {

    /** When the best possible backup has taken over: three intervals, and the skew of priority 254. */
    private static final long OTHERS = down(254, SECOND);

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
    void advertisements_do_not_drift_however_late_each_timer_fires() {
        Bench bench = Bench.active(it -> it.interval(Duration.ofMillis(10)));
        long first = bench.router.nextDeadline();
        for (int i = 0; i < 1000; i++) {
            bench.router.advance(bench.router.nextDeadline() + i % 9 * MILLI);
        }
        assertThat(bench.router.nextDeadline() - first).isEqualTo(1000 * 10 * MILLI);
        assertThat(bench.recorder.sent()).hasSize(1000);
    }

    @Test
    void an_active_router_yields_after_a_pause_in_which_others_took_over() {
        Bench bench = Bench.active();
        bench.after(OTHERS + 1);
        bench.router.advance(bench.now);
        assertThat(bench.recorder.sent()).isEmpty();
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.LATE);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
        assertThat(bench.router.counters().lateYields()).isEqualTo(1);
    }

    @Test
    void it_goes_on_after_a_pause_that_was_too_short_for_that() {
        Bench bench = Bench.active();
        bench.after(OTHERS);
        bench.router.advance(bench.now);
        assertThat(bench.recorder.sent()).containsExactly(100);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void more_adverts_in_the_down_timer_allow_a_longer_pause() {
        Bench bench = Bench.active(it -> it.downTimerAdverts(5));
        bench.after(OTHERS + 2 * SECOND);
        bench.router.advance(bench.now);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void one_advert_in_the_down_timer_leaves_room_for_the_jitter_of_the_own_timer() {
        Bench bench = Bench.active(it -> it.interval(Duration.ofMillis(100)).downTimerAdverts(1));
        bench.after(100 * MILLI + 99 * MILLI);
        bench.router.advance(bench.now);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        assertThat(bench.recorder.sent()).containsExactly(100);
        // By then even a backup of priority 1 has taken over.
        bench.after(201 * MILLI);
        bench.router.advance(bench.now);
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.LATE);
    }

    @Test
    void without_the_guard_it_goes_on_after_any_pause() {
        Bench bench = Bench.active(it -> it.lateTimerGuard(false));
        bench.after(100 * SECOND);
        bench.router.advance(bench.now);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void what_arrived_while_it_slept_is_not_answered_as_if_it_were_still_active() {
        // The peer of lower priority took over meanwhile; its adverts are read before the own timer is looked at.
        Bench bench = Bench.active();
        bench.after(10 * SECOND);
        bench.hear(50, LOWER);
        bench.hear(50, LOWER);
        bench.router.advance(bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 BACKUP");
        assertThat(bench.router.counters().losingAdvertsAnswered()).isZero();
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
    }

    @Test
    void then_it_follows_a_router_that_is_better_or_preempts_a_lesser_one_in_due_time() {
        Bench better = Bench.active();
        better.after(10 * SECOND);
        better.hear(200, 20, HIGHER);
        assertThat(better.router.activeRouter()).isEqualTo(HIGHER);
        assertThat(better.remaining()).isEqualTo(down(100, SECOND / 5));

        Bench lesser = Bench.active();
        lesser.after(10 * SECOND);
        lesser.hear(50, LOWER);
        lesser.untilDeadline();
        assertThat(lesser.recorder.reasons()).containsExactly(TransitionReason.LATE, TransitionReason.PREEMPTING);
    }

    @Test
    void a_backup_that_slept_is_not_elected_against_an_active_router_whose_adverts_it_reads_first() {
        Bench bench = Bench.backup();
        bench.hear(200, HIGHER);
        bench.after(100 * SECOND);
        bench.hear(200, HIGHER);
        bench.router.advance(bench.now);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
    }

    @Test
    void a_whole_group_yields_with_the_member_that_was_late() {
        Recorder recorder = new Recorder();
        VirtualRouter slow = new VirtualRouter(Bench.config(Version.V3).build(), Bench.OURS, recorder);
        VirtualRouter other = new VirtualRouter(
                VirtualRouterConfig.builder("I1", "eth1")
                        .version(Version.V3)
                        .virtualRouterId(52)
                        .interval(Duration.ofSeconds(40))
                        .address("198.51.100.1")
                        .build(),
                Bench.OURS,
                recorder);
        SyncGroup group = new SyncGroup("G1", List.of(slow, other), recorder);
        group.start(0);
        while (group.state() != State.ACTIVE) {
            group.advance(group.nextDeadline());
        }
        recorder.clear();
        group.advance(group.nextDeadline() + 4 * SECOND);
        assertThat(recorder.story()).containsExactly("E1 BACKUP", "I1 BACKUP", "group G1 BACKUP");
    }
}
