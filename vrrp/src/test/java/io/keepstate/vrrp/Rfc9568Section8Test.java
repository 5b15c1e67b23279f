// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.MILLI;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static io.keepstate.vrrp.Bench.skew;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** RFC 9568 section 8, as far as it concerns elections: priorities (8.3.2), and version 2 beside version 3 (8.4). */
class Rfc9568Section8Test {

    @Test
    void s8_3_2_the_owner_preempts_everybody_as_soon_as_it_starts() {
        Bench bench = new Bench(Bench.config(Version.V3).priority(255).build());
        bench.router.start(bench.now);
        bench.hear(254, HIGHER);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        assertThat(bench.recorder.sent()).containsExactly(255, 255);
    }

    @Test
    void s8_3_2_without_an_owner_and_with_preemption_off_nobody_is_preempted() {
        Bench bench = Bench.backup(it -> it.priority(254).preempt(false));
        for (int i = 0; i < 20; i++) {
            bench.after(SECOND);
            bench.hear(1, LOWER);
            bench.router.advance(bench.now);
        }
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void s8_3_2_two_owners_are_reported_by_both_and_the_smaller_address_yields() {
        Bench bench = Bench.backup(it -> it.priority(255));
        bench.hear(255, LOWER);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        bench.hear(255, HIGHER);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        assertThat(bench.recorder.notes()).contains(Note.SECOND_OWNER);
    }

    @Test
    void s8_3_2_priorities_that_differ_more_are_further_apart_in_time() {
        long one = skew(100, SECOND) - skew(101, SECOND);
        long fifty = skew(100, SECOND) - skew(150, SECOND);
        assertThat(one).isEqualTo(3_906_250L);
        assertThat(fifty).isEqualTo(50 * one);
    }

    @Test
    void s8_4_2_listening_to_both_versions_is_configured_and_for_version_3_over_ipv4_only() {
        assertThat(Bench.config(Version.V3).build().dualVersion()).isFalse();
        assertThatThrownBy(() -> Bench.config(Version.V2).dualVersion(true).build())
                .hasMessageContaining("needs version 3 and IPv4");
    }

    @Test
    void s8_4_2_the_active_router_sends_both_types_at_the_configured_rate_even_if_below_a_second() {
        Bench bench = dual(it -> it.interval(Duration.ofMillis(100)));
        bench.untilDeadline();
        bench.untilDeadline();
        assertThat(bench.remaining()).isEqualTo(100 * MILLI);
        assertThat(bench.recorder.advertisements())
                .extracting(Advertisement::version)
                .containsExactly(Version.V3, Version.V2, Version.V3, Version.V2);
        assertThat(bench.recorder.advertisements())
                .extracting(Advertisement::intervalCentis)
                .containsExactly(10, 100, 10, 100);
    }

    @Test
    void s8_4_2_it_resigns_in_both_versions() {
        Bench bench = dual(it -> it);
        bench.untilDeadline();
        bench.recorder.clear();
        bench.router.stop(bench.now);
        assertThat(bench.recorder.sent()).containsExactly(0, 0);
    }

    @Test
    void s8_4_2_a_backup_times_out_by_the_rate_of_a_version_2_router_translated_to_centiseconds() {
        Bench bench = dual(it -> it.interval(Duration.ofMillis(100)));
        hear(bench, Version.V2, 200, 200, HIGHER);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(200);
        assertThat(bench.remaining()).isEqualTo(down(100, 2 * SECOND));
    }

    @Test
    void s8_4_2_a_backup_ignores_version_2_of_a_router_whose_version_3_it_hears() {
        Bench bench = dual(it -> it.interval(Duration.ofMillis(100)));
        hear(bench, Version.V3, 200, 10, HIGHER);
        long before = bench.router.nextDeadline();
        bench.after(MILLI);
        hear(bench, Version.V2, 200, 100, HIGHER);
        assertThat(bench.router.nextDeadline()).isEqualTo(before);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(10);
        assertThat(bench.router.counters().version2Ignored()).isEqualTo(1);
        assertThat(bench.router.counters().advertsReceived()).isEqualTo(1);
    }

    @Test
    void s8_4_2_version_2_counts_again_when_version_3_has_fallen_silent() {
        Bench bench = dual(it -> it.interval(Duration.ofMillis(100)));
        hear(bench, Version.V3, 200, 10, HIGHER);
        bench.after(down(100, 100 * MILLI) + 1);
        hear(bench, Version.V2, 200, 100, HIGHER);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(100);
    }

    @Test
    void s8_4_2_version_2_of_another_router_is_heard() {
        Bench bench = dual(it -> it);
        hear(bench, Version.V3, 200, 100, HIGHER);
        hear(bench, Version.V2, 210, 300, LOWER);
        assertThat(bench.router.activeRouter()).isEqualTo(LOWER);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(300);
    }

    @Test
    void s8_4_2_an_active_router_that_does_not_speak_version_2_is_reported() {
        Bench bench = dual(it -> it);
        for (int i = 0; i < 5; i++) {
            hear(bench, Version.V3, 200, 100, HIGHER);
        }
        assertThat(bench.recorder.notes()).containsExactly(Note.VERSION_2_MISSING);

        Bench both = dual(it -> it);
        for (int i = 0; i < 5; i++) {
            hear(both, Version.V3, 200, 100, HIGHER);
            hear(both, Version.V2, 200, 100, HIGHER);
        }
        assertThat(both.recorder.notes()).isEmpty();
    }

    @Test
    void s8_4_3_1_a_slow_version_2_router_of_higher_priority_is_not_preempted_between_its_advertisements() {
        Bench bench = dual(it -> it.interval(Duration.ofMillis(100)));
        for (int i = 0; i < 10; i++) {
            hear(bench, Version.V2, 200, 100, HIGHER);
            bench.after(SECOND);
            bench.router.advance(bench.now);
        }
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
    }

    private static Bench dual(UnaryOperator<VirtualRouterConfigBuilder> with) {
        return Bench.backup(it -> with.apply(it.dualVersion(true)));
    }

    private static void hear(Bench bench, Version version, int priority, int centis, IpAddress source) {
        ChecksumForm form = version == Version.V2 ? ChecksumForm.MESSAGE_ONLY : ChecksumForm.PSEUDO_HEADER;
        bench.router.onAdvertisement(
                new Advertisement(
                        version,
                        51,
                        priority,
                        centis,
                        bench.router.config().advertisedAddresses(),
                        Authentication.NONE,
                        form),
                source,
                bench.now);
    }
}
