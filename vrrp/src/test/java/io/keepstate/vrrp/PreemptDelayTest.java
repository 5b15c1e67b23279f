// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static io.keepstate.vrrp.Bench.skew;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** keepalived's preempt_delay: how long an active router of lower priority is left alone. */
class PreemptDelayTest {

    @Test
    void it_begins_with_the_first_lower_advertisement_and_then_the_whole_down_interval_must_expire() {
        Bench bench = delayed(5);
        long start = bench.now;
        while (bench.router.state() == State.BACKUP) {
            bench.hear(50, LOWER);
            bench.after(SECOND);
            bench.router.advance(bench.now);
        }
        // Left alone at 0..4 s; the down timer set at 4 s runs out after 3.609 s: noticed at the next whole second.
        assertThat(bench.now - start).isEqualTo(8 * SECOND);
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.PREEMPTING);
        assertThat(bench.router.counters().preemptionsHeld()).isEqualTo(5);
        assertThat(bench.recorder.notes()).containsExactly(Note.PREEMPTION_DELAYED);
    }

    @Test
    void with_nobody_active_it_delays_nothing() {
        Bench bench = delayed(1000);
        bench.untilDeadline();
        assertThat(bench.now - Bench.START).isEqualTo(down(100, SECOND));
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void when_the_lower_router_falls_silent_the_ordinary_down_interval_counts() {
        Bench bench = delayed(1000);
        bench.after(SECOND);
        bench.hear(50, LOWER);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
        bench.untilDeadline();
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.ACTIVE_SILENT);
    }

    @Test
    void a_resignation_ends_it() {
        Bench bench = delayed(1000);
        bench.hear(50, LOWER);
        bench.hear(0, LOWER);
        assertThat(bench.remaining()).isEqualTo(skew(100, SECOND));
        bench.untilDeadline();
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void a_higher_router_that_is_heard_in_between_lets_it_begin_anew() {
        Bench bench = delayed(5);
        bench.hear(50, LOWER);
        bench.after(4 * SECOND);
        bench.hear(200, HIGHER);
        bench.after(2 * SECOND);
        bench.hear(50, LOWER);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
    }

    @Test
    void it_is_of_no_use_without_preempt_mode() {
        Bench bench = Bench.backup(it -> it.preempt(false).preemptDelay(Duration.ofSeconds(1)));
        for (int i = 0; i < 10; i++) {
            bench.hear(50, LOWER);
            bench.after(SECOND);
            bench.router.advance(bench.now);
        }
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void it_runs_while_a_hold_keeps_the_router_back_for_another_reason() {
        Bench bench = delayed(3);
        bench.router.setPreemptionHold(true);
        bench.hear(50, LOWER);
        bench.after(3 * SECOND);
        bench.hear(50, LOWER);
        bench.router.setPreemptionHold(false);
        long elected = bench.router.nextDeadline();
        bench.after(SECOND);
        bench.hear(50, LOWER);
        assertThat(bench.router.nextDeadline()).isEqualTo(elected);
    }

    private static Bench delayed(int seconds) {
        return Bench.backup(it -> it.preemptDelay(Duration.ofSeconds(seconds)));
    }
}
