// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.vrrp.codec.Version;
import org.junit.jupiter.api.Test;

/** The owner of the addresses, and what happens when there are two. */
class OwnersTest {

    @Test
    void of_two_owners_the_smaller_address_yields_at_the_first_advertisement() {
        Bench bench = owner();
        bench.hear(255, HIGHER);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.HIGHER_ADDRESS);
    }

    @Test
    void the_greater_address_stays_and_answers() {
        Bench bench = owner();
        bench.hear(255, LOWER);
        assertThat(bench.recorder.sent()).containsExactly(255);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void it_gives_in_when_the_smaller_one_goes_on_nonetheless_and_returns_when_that_one_stops() {
        Bench bench = owner();
        long start = bench.now;
        while (bench.router.state() == State.ACTIVE) {
            bench.hear(255, LOWER);
            bench.after(SECOND);
        }
        // Two own advertisements and 1.2 intervals: 3.2 s, noticed at the advertisement after that.
        assertThat(bench.now - start).isEqualTo(5 * SECOND);
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.SECOND_OWNER);
        assertThat(bench.router.activeRouter()).isEqualTo(LOWER);
        bench.untilDeadline();
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        assertThat(bench.router.priority()).isEqualTo(255);
    }

    @Test
    void a_smaller_one_that_was_heard_long_ago_does_not_count_as_going_on() {
        Bench bench = owner();
        bench.hear(255, LOWER);
        bench.after(100 * SECOND);
        bench.router.advance(bench.now);
        bench.hear(255, LOWER);
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void an_owner_can_be_told_to_hear_nobody_but_reports_a_second_one() {
        Bench bench = Bench.backup(it -> it.priority(255).ownerIgnoresAdverts(true));
        bench.hear(255, HIGHER);
        bench.hear(0, HIGHER);
        bench.hear(100, HIGHER);
        assertThat(bench.recorder.story()).containsExactly("E1 notes SECOND_OWNER");
        assertThat(bench.router.counters().advertsIgnored()).isEqualTo(3);
        assertThat(bench.router.counters().advertsReceived()).isZero();
    }

    @Test
    void others_hear_though_told_to_ignore_as_an_owner() {
        Bench bench = Bench.backup(it -> it.ownerIgnoresAdverts(true));
        bench.hear(255, HIGHER);
        assertThat(bench.router.activeRouter()).isEqualTo(HIGHER);
    }

    @Test
    void its_priority_cannot_be_changed() {
        Bench bench = owner();
        assertThatThrownBy(() -> bench.router.setPriority(100, bench.now))
                .hasMessageContaining("it owns its addresses");
        Track weighty = new Track(Tracked.networkInterface("eth9"), 10, false);
        assertThatThrownBy(() ->
                        Bench.config(Version.V3).priority(255).track(weighty).build())
                .hasMessageContaining("cannot have a weight");
    }

    private static Bench owner() {
        Bench bench = Bench.backup(it -> it.priority(255).lateTimerGuard(false));
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        return bench;
    }
}
