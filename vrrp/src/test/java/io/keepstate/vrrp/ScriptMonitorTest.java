// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.ScriptMonitor.Action;
import org.junit.jupiter.api.Test;

class ScriptMonitorTest {

    private static final long MILLI = 1_000_000;

    private final ScriptMonitor monitor = new ScriptMonitor(ScriptResultTest.script(1, 1, false), 0);

    @Test
    void it_starts_at_once_and_then_keeps_to_the_grid_of_its_interval() {
        assertThat(monitor.advance(0)).isEqualTo(Action.START);
        assertThat(monitor.advance(0)).isEqualTo(Action.NONE);
        monitor.onExit(0);
        assertThat(monitor.isUp()).isTrue();
        assertThat(monitor.nextDeadline()).isEqualTo(SECOND);
        assertThat(monitor.advance(SECOND - 1)).isEqualTo(Action.NONE);
        assertThat(monitor.advance(SECOND + 300 * MILLI)).isEqualTo(Action.START);
        monitor.onExit(3);
        assertThat(monitor.isUp()).isFalse();
        assertThat(monitor.nextDeadline()).isEqualTo(2 * SECOND);
    }

    @Test
    void a_run_that_takes_too_long_has_failed_then_and_is_ended_in_two_steps() {
        monitor.advance(0);
        assertThat(monitor.nextDeadline()).isEqualTo(400 * MILLI);
        assertThat(monitor.isKnown()).isFalse();
        assertThat(monitor.advance(400 * MILLI)).isEqualTo(Action.TERMINATE);
        assertThat(monitor.isKnown()).isTrue();
        assertThat(monitor.isUp()).isFalse();
        assertThat(monitor.advance(SECOND)).isEqualTo(Action.NONE);
        assertThat(monitor.advance(2 * SECOND)).isEqualTo(Action.NONE);
        assertThat(monitor.skipped()).isEqualTo(2);
        assertThat(monitor.advance(2_400 * MILLI)).isEqualTo(Action.KILL);
        assertThat(monitor.advance(2_500 * MILLI)).isEqualTo(Action.NONE);
        monitor.onExit(0);
        assertThat(monitor.isUp()).as("a late success is none").isFalse();
        assertThat(monitor.advance(3 * SECOND)).isEqualTo(Action.START);
        monitor.onExit(0);
        assertThat(monitor.isUp()).isTrue();
        assertThat(monitor.timeouts()).isEqualTo(1);
        assertThat(monitor.runs()).isEqualTo(2);
    }

    @Test
    void starts_missed_by_a_loop_that_slept_are_made_once() {
        monitor.advance(0);
        monitor.onExit(0);
        assertThat(monitor.advance(10 * SECOND)).isEqualTo(Action.START);
        assertThat(monitor.advance(10 * SECOND)).isEqualTo(Action.NONE);
        monitor.onExit(0);
        assertThat(monitor.nextDeadline()).isEqualTo(11 * SECOND);
    }

    @Test
    void a_script_that_cannot_be_started_has_failed() {
        monitor.advance(0);
        monitor.onStartFailed();
        assertThat(monitor.isKnown()).isTrue();
        assertThat(monitor.isUp()).isFalse();
        assertThat(monitor.isRunning()).isFalse();
        assertThat(monitor.advance(SECOND)).isEqualTo(Action.START);
    }
}
