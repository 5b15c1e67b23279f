// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.MILLI;
import static io.keepstate.vrrp.Bench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where version 2 (RFC 3768) differs from version 3. All else is in {@link Rfc9568Section6Test}. */
class Rfc3768Section6Test {

    @Test
    void section_6_1_the_skew_is_a_part_of_a_second_whatever_the_interval() {
        assertThat(ActiveDownInterval.skewNanos(Version.V2, 100, 100)).isEqualTo(609_375_000L);
        assertThat(ActiveDownInterval.skewNanos(Version.V2, 100, 500)).isEqualTo(609_375_000L);
        assertThat(ActiveDownInterval.nanos(Version.V2, 50, 100)).isEqualTo(3_804_687_500L);
        assertThat(ActiveDownInterval.nanos(Version.V2, 100, 500)).isEqualTo(15_609_375_000L);
    }

    @Test
    void section_6_4_2_the_interval_of_the_active_router_is_not_learned() {
        Bench bench = bench(2);
        bench.hear(200, 100, HIGHER);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(200);
        assertThat(bench.remaining()).isEqualTo(6 * SECOND + 609_375_000L);
    }

    @Test
    void section_6_4_2_priority_zero_waits_for_the_skew_only() {
        Bench bench = bench(5);
        bench.hear(0, 500, HIGHER);
        assertThat(bench.remaining()).isEqualTo(609_375_000L);
    }

    @Test
    void section_6_4_3_a_losing_advertisement_is_answered_at_once_as_in_version_3() {
        // RFC 3768 would discard it; answering is what RFC 9568 asks and keepalived does, and harms no one.
        Bench bench = bench(1);
        bench.untilDeadline();
        bench.recorder.clear();
        bench.after(10 * MILLI);
        bench.hear(50, HIGHER);
        assertThat(bench.recorder.sent()).containsExactly(100);
    }

    @Test
    void section_5_3_8_the_checksum_has_no_pseudo_header() {
        Bench bench = bench(1);
        bench.untilDeadline();
        assertThat(bench.recorder.advertisements().get(0).checksumForm()).isEqualTo(ChecksumForm.MESSAGE_ONLY);
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
