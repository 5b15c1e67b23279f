// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.MILLI;
import static io.keepstate.vrrp.Bench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where version 2 (RFC 3768) differs from version 3. All else is in {@link Rfc9568Section6Test}. */
class Rfc3768Section6Test {

    /** Of priority 100: 156/256 of a second. */
    private static final long SKEW = 609_375_000L;

    @Test
    void s5_3_7_the_interval_is_a_number_of_whole_seconds() {
        assertThatThrownBy(() -> Bench.config(Version.V2)
                        .interval(Duration.ofMillis(1500))
                        .build())
                .hasMessageContaining("version 2 takes whole seconds, 1 to 255");
    }

    @Test
    void s5_3_8_the_checksum_has_no_pseudo_header() {
        Bench bench = bench(1);
        bench.untilDeadline();
        assertThat(bench.recorder.advertisements().get(0).checksumForm()).isEqualTo(ChecksumForm.MESSAGE_ONLY);
    }

    @Test
    void s6_1_the_skew_is_a_part_of_a_second_whatever_the_interval() {
        assertThat(ActiveDownInterval.skewNanos(Version.V2, 100, 100)).isEqualTo(SKEW);
        assertThat(ActiveDownInterval.skewNanos(Version.V2, 100, 500)).isEqualTo(SKEW);
    }

    @Test
    void s6_1_the_down_interval_is_three_intervals_and_the_skew() {
        assertThat(ActiveDownInterval.nanos(Version.V2, 50, 100)).isEqualTo(3_804_687_500L);
        assertThat(ActiveDownInterval.nanos(Version.V2, 100, 500)).isEqualTo(15_609_375_000L);
    }

    @Test
    void s6_4_1_anyone_but_the_owner_waits_for_the_down_interval_of_its_own_interval() {
        assertThat(bench(5).remaining()).isEqualTo(15 * SECOND + SKEW);
    }

    @Test
    void s6_4_2_when_the_down_timer_fires_it_advertises_and_sets_the_timer_to_its_interval() {
        Bench bench = bench(5);
        bench.untilDeadline();
        assertThat(bench.recorder.story()).containsExactly("E1 sends 100", "E1 ACTIVE");
        assertThat(bench.recorder.advertisements().get(0).version()).isEqualTo(Version.V2);
        assertThat(bench.remaining()).isEqualTo(5 * SECOND);
    }

    @Test
    void s6_4_2_priority_zero_waits_for_the_skew_only() {
        Bench bench = bench(5);
        bench.hear(0, 500, HIGHER);
        assertThat(bench.remaining()).isEqualTo(SKEW);
    }

    @Test
    void s6_4_2_a_higher_or_equal_priority_resets_the_down_timer() {
        Bench bench = bench(1);
        bench.after(3 * SECOND);
        bench.hear(100, LOWER);
        assertThat(bench.remaining()).isEqualTo(3 * SECOND + SKEW);
    }

    @Test
    void s6_4_2_the_interval_of_the_active_router_is_not_learned() {
        Bench bench = bench(2);
        bench.hear(200, 100, HIGHER);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(200);
        assertThat(bench.remaining()).isEqualTo(6 * SECOND + SKEW);
    }

    @Test
    void s6_4_2_a_lower_priority_is_discarded_in_preempt_mode() {
        Bench bench = bench(1);
        long before = bench.router.nextDeadline();
        bench.after(SECOND);
        bench.hear(99, HIGHER);
        assertThat(bench.router.nextDeadline()).isEqualTo(before);
    }

    @Test
    void s6_4_3_a_higher_priority_makes_it_backup_with_its_own_interval() {
        Bench bench = bench(2);
        bench.untilDeadline();
        bench.hear(200, 200, HIGHER);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        assertThat(bench.remaining()).isEqualTo(6 * SECOND + SKEW);
    }

    @Test
    void s6_4_3_priority_zero_is_answered_and_resets_the_timer() {
        Bench bench = bench(2);
        bench.untilDeadline();
        bench.recorder.clear();
        bench.after(SECOND);
        bench.hear(0, HIGHER);
        assertThat(bench.recorder.sent()).containsExactly(100);
        assertThat(bench.remaining()).isEqualTo(2 * SECOND);
    }

    @Test
    void s6_4_3_a_losing_advertisement_is_answered_at_once_as_in_version_3() {
        // RFC 3768 would discard it; answering is what RFC 9568 asks and keepalived does, and harms no one.
        Bench bench = bench(1);
        bench.untilDeadline();
        bench.recorder.clear();
        bench.after(10 * MILLI);
        bench.hear(50, HIGHER);
        assertThat(bench.recorder.sent()).containsExactly(100);
    }

    @Test
    void s6_4_3_or_discarded_to_the_letter_if_so_configured() {
        Bench bench =
                new Bench(Bench.config(Version.V2).lowerPriorityNoAdvert(true).build());
        bench.router.start(bench.now);
        bench.untilDeadline();
        bench.recorder.clear();
        bench.hear(50, HIGHER);
        assertThat(bench.recorder.sent()).isEmpty();
    }

    @Test
    void s7_1_the_authentication_data_of_the_configuration_is_in_what_is_sent() {
        Bench bench = bench(1);
        bench.untilDeadline();
        Advertisement sent = bench.recorder.advertisements().get(0);
        assertThat(sent.authentication()).isEqualTo(bench.router.config().authentication());
    }

    private static Bench bench(int seconds) {
        Bench bench = new Bench(Bench.passwordConfig("zzzz")
                .interval(Duration.ofSeconds(seconds))
                .build());
        bench.router.start(bench.now);
        bench.recorder.clear();
        return bench;
    }
}
