// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScriptResultTest {

    @Test
    void nothing_is_known_before_the_first_run_and_the_first_run_decides() {
        ScriptResult result = new ScriptResult(script(3, 2, false));
        assertThat(result.isKnown()).isFalse();
        assertThat(result.isUp()).isFalse();
        assertThat(result.onRun(true)).isTrue();
        assertThat(result.isUp()).isTrue();
        assertThat(result.counter()).isEqualTo(4);

        ScriptResult other = new ScriptResult(script(3, 2, false));
        assertThat(other.onRun(false)).isTrue();
        assertThat(other.isKnown()).isTrue();
        assertThat(other.isUp()).isFalse();
        assertThat(other.counter()).isZero();
    }

    @Test
    void a_script_that_counts_as_failed_at_first_needs_all_its_successes() {
        ScriptResult result = new ScriptResult(script(3, 1, true));
        assertThat(result.isKnown()).isTrue();
        assertThat(result.onRun(true)).isFalse();
        assertThat(result.onRun(true)).isFalse();
        assertThat(result.isUp()).isFalse();
        assertThat(result.onRun(true)).isTrue();
        assertThat(result.isUp()).isTrue();
    }

    @Test
    void it_fails_after_fall_failures_in_a_row_and_a_success_between_counts_anew() {
        ScriptResult result = new ScriptResult(script(1, 3, false));
        result.onRun(true);
        assertThat(result.onRun(false)).isFalse();
        assertThat(result.onRun(false)).isFalse();
        assertThat(result.onRun(true)).isFalse();
        assertThat(result.onRun(false)).isFalse();
        assertThat(result.onRun(false)).isFalse();
        assertThat(result.isUp()).isTrue();
        assertThat(result.onRun(false)).isTrue();
        assertThat(result.isUp()).isFalse();
        assertThat(result.counter()).isZero();
    }

    @Test
    void it_rises_after_rise_successes_in_a_row_and_a_failure_between_counts_anew() {
        ScriptResult result = new ScriptResult(script(3, 1, false));
        result.onRun(false);
        result.onRun(true);
        result.onRun(true);
        assertThat(result.onRun(false)).isFalse();
        assertThat(result.onRun(true)).isFalse();
        assertThat(result.onRun(true)).isFalse();
        assertThat(result.onRun(true)).isTrue();
        assertThat(result.isUp()).isTrue();
    }

    static TrackedScript script(int rise, int fall, boolean initFail) {
        return new TrackedScript(
                "check",
                List.of("/bin/true"),
                Duration.ofSeconds(1),
                Duration.ofMillis(400),
                rise,
                fall,
                initFail,
                Optional.empty(),
                Optional.empty());
    }
}
