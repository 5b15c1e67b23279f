// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.TrackedProcess.ParameterMatch;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TrackedProcessTest {

    @Test
    void the_name_of_the_kernel_is_compared_as_far_as_it_keeps_it() {
        TrackedProcess process = TrackedProcess.of("proxy", "a-very-long-program-name");
        assertThat(process.matches("a-very-long-pro", List.of("anything"))).isTrue();
        assertThat(process.matches("a-very-long-prx", List.of("anything"))).isFalse();
        assertThat(TrackedProcess.of("proxy", "squid").matches("squid2", List.of()))
                .isFalse();
    }

    @Test
    void parameters_match_exactly_or_in_part_or_as_the_beginning() {
        List<String> given = List.of("/usr/sbin/squid", "-f", "/etc/squid.conf", "-N");
        assertThat(process(ParameterMatch.EXACT, "-f", "/etc/squid.conf", "-N").matches("squid", given))
                .isTrue();
        assertThat(process(ParameterMatch.EXACT, "-f").matches("squid", given)).isFalse();
        assertThat(process(ParameterMatch.PARTIAL, "-f").matches("squid", given))
                .isTrue();
        assertThat(process(ParameterMatch.PARTIAL, "-f", "/etc/squid").matches("squid", given))
                .isFalse();
        assertThat(process(ParameterMatch.INITIAL, "-f", "/etc/squid").matches("squid", given))
                .isTrue();
        assertThat(process(ParameterMatch.INITIAL, "-").matches("squid", List.of("/usr/sbin/squid")))
                .isFalse();
        assertThat(process(ParameterMatch.EXACT).matches("squid", List.of())).isFalse();
    }

    @Test
    void the_first_count_decides_at_once_and_later_ones_after_their_delay() {
        ProcessQuorum quorum = new ProcessQuorum(delayed(2, OptionalInt.of(3)));
        assertThat(quorum.onCount(2, 0)).isTrue();
        assertThat(quorum.isUp()).isTrue();
        assertThat(quorum.onCount(1, SECOND)).isFalse();
        assertThat(quorum.onCount(0, 2 * SECOND)).isFalse();
        assertThat(quorum.nextDeadline()).isEqualTo(6 * SECOND);
        assertThat(quorum.advance(6 * SECOND)).isTrue();
        assertThat(quorum.isUp()).isFalse();
        assertThat(quorum.onCount(3, 7 * SECOND)).isFalse();
        assertThat(quorum.onCount(4, 8 * SECOND)).as("more than wanted").isFalse();
        assertThat(quorum.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(quorum.onCount(3, 9 * SECOND)).isFalse();
        assertThat(quorum.advance(11 * SECOND)).isTrue();
        assertThat(quorum.isUp()).isTrue();
    }

    private static TrackedProcess process(ParameterMatch match, String... parameters) {
        return new TrackedProcess(
                "proxy",
                "/usr/sbin/squid",
                List.of(parameters),
                match,
                true,
                1,
                OptionalInt.empty(),
                Duration.ZERO,
                Duration.ZERO);
    }

    private static TrackedProcess delayed(int quorum, OptionalInt most) {
        return new TrackedProcess(
                "proxy",
                "squid",
                List.of(),
                ParameterMatch.EXACT,
                false,
                quorum,
                most,
                Duration.ofSeconds(2),
                Duration.ofSeconds(5));
    }
}
