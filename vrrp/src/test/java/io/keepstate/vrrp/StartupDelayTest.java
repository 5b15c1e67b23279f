// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** keepalived's vrrp_startup_delay: an interface that has just come up may not let anything through yet. */
class StartupDelayTest {

    @Test
    void until_it_is_over_nothing_is_heard() {
        Bench bench = delayed(100);
        long before = bench.router.nextDeadline();
        bench.after(9 * SECOND);
        bench.hear(200, HIGHER);
        assertThat(bench.router.nextDeadline()).isEqualTo(before);
        assertThat(bench.router.counters().advertsIgnored()).isEqualTo(1);
        bench.after(SECOND);
        bench.hear(200, HIGHER);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
        assertThat(bench.router.activeRouter()).isEqualTo(HIGHER);
    }

    @Test
    void the_down_timer_begins_when_it_is_over() {
        Bench bench = delayed(100);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        assertThat(bench.remaining()).isEqualTo(10 * SECOND + down(100, SECOND));
    }

    @Test
    void the_owner_is_active_when_it_is_over() {
        Bench bench = delayed(255);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        bench.untilDeadline();
        assertThat(bench.now - Bench.START).isEqualTo(10 * SECOND);
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.OWNER);
    }

    @Test
    void links_are_tracked_all_the_same() {
        Bench bench = delayed(100);
        bench.router.fault(FaultCause.link("eth0"), bench.now);
        assertThat(bench.router.state()).isEqualTo(State.FAULT);
        bench.after(SECOND);
        bench.router.clearFault(FaultCause.link("eth0"), bench.now);
        assertThat(bench.router.nextDeadline() - Bench.START).isEqualTo(10 * SECOND + down(100, SECOND));
    }

    private static Bench delayed(int priority) {
        return Bench.backup(it -> it.priority(priority).startupDelay(Duration.ofSeconds(10)));
    }
}
