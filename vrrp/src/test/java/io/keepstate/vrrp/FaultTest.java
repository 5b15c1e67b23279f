// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.Version;
import org.junit.jupiter.api.Test;

class FaultTest {

    private static final FaultCause LINK = FaultCause.link("eth0");
    private static final FaultCause APPLICATION = new FaultCause(FaultCause.Kind.APPLICATION, "commit");

    @Test
    void an_active_router_whose_link_fails_says_nothing_since_nobody_would_hear_it() {
        Bench bench = Bench.active();
        bench.router.fault(LINK, bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 FAULT");
        assertThat(bench.router.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        Effect.StateChanged change = (Effect.StateChanged) bench.recorder.effects.get(0);
        assertThat(change.text()).isEqualTo("eth0: link is down");
    }

    @Test
    void an_active_router_that_fails_otherwise_resigns_once() {
        Bench bench = Bench.active();
        bench.router.fault(APPLICATION, bench.now);
        bench.router.fault(LINK, bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 sends 0", "E1 FAULT");
    }

    @Test
    void in_fault_it_hears_nothing() {
        Bench bench = Bench.active();
        bench.router.fault(LINK, bench.now);
        bench.recorder.clear();
        bench.hear(0, HIGHER);
        bench.hear(200, HIGHER);
        assertThat(bench.recorder.effects).isEmpty();
        assertThat(bench.router.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void it_leaves_fault_as_a_backup_when_the_last_cause_is_gone() {
        Bench bench = Bench.active();
        bench.router.fault(LINK, bench.now);
        bench.router.fault(APPLICATION, bench.now);
        bench.router.clearFault(LINK, bench.now);
        assertThat(bench.router.state()).isEqualTo(State.FAULT);
        bench.router.clearFault(APPLICATION, bench.now);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
    }

    @Test
    void started_with_a_cause_it_goes_to_fault_and_the_owner_is_active_once_it_is_gone() {
        Bench bench = new Bench(Bench.config(Version.V3).priority(255).build());
        bench.router.fault(LINK, bench.now);
        bench.router.start(bench.now);
        assertThat(bench.router.state()).isEqualTo(State.FAULT);
        bench.router.clearFault(LINK, bench.now);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }
}
