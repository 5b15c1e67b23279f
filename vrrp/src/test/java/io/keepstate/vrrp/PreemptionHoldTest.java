// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static io.keepstate.vrrp.Bench.skew;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A node that is not in sync yet must not take the role from one that works, and must take it if that one dies. */
class PreemptionHoldTest {

    @Test
    void while_held_an_active_router_of_lower_priority_is_left_alone() {
        Bench bench = held();
        for (int i = 0; i < 20; i++) {
            bench.after(SECOND);
            bench.hear(50, LOWER);
            bench.router.advance(bench.now);
        }
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        assertThat(bench.router.counters().preemptionsHeld()).isEqualTo(20);
        assertThat(bench.recorder.notes()).contains(Note.PREEMPTION_HELD);
    }

    @Test
    void when_that_router_falls_silent_it_is_elected_after_the_ordinary_down_interval() {
        Bench bench = held();
        bench.after(SECOND);
        bench.hear(50, LOWER);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
        bench.untilDeadline();
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.ACTIVE_SILENT);
    }

    @Test
    void when_that_router_resigns_it_is_elected_after_the_skew() {
        Bench bench = held();
        bench.hear(50, LOWER);
        bench.hear(0, LOWER);
        assertThat(bench.remaining()).isEqualTo(skew(100, SECOND));
        bench.untilDeadline();
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void with_nobody_active_the_hold_delays_nothing() {
        Bench bench = held();
        bench.untilDeadline();
        assertThat(bench.now - Bench.START).isEqualTo(down(100, SECOND));
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void once_lifted_the_next_lower_advertisements_no_longer_reset_the_timer() {
        Bench bench = held();
        bench.hear(50, LOWER);
        bench.router.setPreemptionHold(false);
        long elected = bench.router.nextDeadline();
        bench.after(SECOND);
        bench.hear(50, LOWER);
        assertThat(bench.router.nextDeadline()).isEqualTo(elected);
        bench.untilDeadline();
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.PREEMPTING);
    }

    @Test
    void a_hold_changes_nothing_for_an_active_router() {
        Bench bench = Bench.active();
        bench.router.setPreemptionHold(true);
        bench.hear(50, HIGHER);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        assertThat(bench.recorder.sent()).containsExactly(100);
    }

    private static Bench held() {
        Bench bench = Bench.backup();
        bench.router.setPreemptionHold(true);
        return bench;
    }
}
