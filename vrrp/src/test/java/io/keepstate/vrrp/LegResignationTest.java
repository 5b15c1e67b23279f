// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.MILLI;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static io.keepstate.vrrp.Bench.skew;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The active router of a group lost its link on E1: E1 falls silent, I1 says priority 0. How soon may the standby take
 * over (docs/adr/0009)?
 */
class LegResignationTest {

    @Test
    void by_keepaliveds_rule_the_silent_leg_waits_for_its_whole_down_timer() {
        Legs legs = followed(LegResignation.THIS_LEG);
        legs.pass(700 * MILLI);
        assertThat(takeoverAfterResignation(legs)).isEqualTo(down(100, SECOND) - 700 * MILLI);
    }

    @Test
    void by_default_it_takes_over_after_the_skew_if_the_silent_leg_missed_an_advertisement_by_then() {
        Legs legs = followed(SyncGroupRules.DEFAULT.resignation());
        legs.pass(700 * MILLI);
        // Due at 1.0 s, missing for certain at 1.125 s; the skew ends at 1.309 s.
        assertThat(takeoverAfterResignation(legs)).isEqualTo(skew(100, SECOND));
    }

    @Test
    void else_it_waits_until_the_advertisement_is_missing_for_certain() {
        Legs legs = followed(LegResignation.SILENT_LEGS);
        legs.pass(100 * MILLI);
        assertThat(takeoverAfterResignation(legs)).isEqualTo(1125 * MILLI - 100 * MILLI);
    }

    @Test
    void a_leg_that_is_heard_after_all_is_alive_and_keeps_its_own_timer() {
        Legs legs = followed(LegResignation.SILENT_LEGS);
        legs.pass(700 * MILLI);
        legs.hear(legs.i1, 0, HIGHER);
        legs.pass(300 * MILLI);
        legs.hear(legs.e1, 200, HIGHER);
        for (int i = 0; i < 10; i++) {
            legs.pass(SECOND);
            legs.hear(legs.e1, 200, HIGHER);
        }
        assertThat(legs.group.state()).isEqualTo(State.BACKUP);
        assertThat(legs.recorder.sent()).isEmpty();
    }

    @Test
    void also_if_what_is_heard_there_is_a_router_of_lower_priority_that_would_be_preempted_later() {
        Legs legs = followed(LegResignation.SILENT_LEGS);
        legs.pass(700 * MILLI);
        long own = legs.e1.nextDeadline();
        legs.hear(legs.i1, 0, HIGHER);
        assertThat(legs.e1.nextDeadline()).isLessThan(own);
        legs.hear(legs.e1, 50, LOWER);
        assertThat(legs.e1.nextDeadline()).isEqualTo(own);
    }

    @Test
    void a_forged_resignation_on_one_leg_takes_nothing_from_a_router_that_is_alive_on_the_others() {
        Legs legs = followed(LegResignation.SILENT_LEGS);
        for (int i = 0; i < 200; i++) {
            legs.hear(legs.e1, 0, HIGHER);
            legs.pass(50 * MILLI);
            if (i % 20 == 19) {
                legs.hear(legs.e1, 200, HIGHER);
                legs.hear(legs.i1, 200, HIGHER);
            }
        }
        assertThat(legs.group.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void where_peers_are_known_to_move_as_one_the_skew_is_all() {
        Legs legs = followed(LegResignation.ALL_LEGS);
        legs.pass(100 * MILLI);
        assertThat(takeoverAfterResignation(legs)).isEqualTo(skew(100, SECOND));
    }

    @Test
    void a_leg_whose_own_timer_ends_sooner_is_left_alone() {
        Legs legs = followed(LegResignation.ALL_LEGS);
        legs.pass(down(100, SECOND) - 100 * MILLI);
        long own = legs.e1.nextDeadline();
        legs.hear(legs.i1, 0, HIGHER);
        assertThat(legs.e1.nextDeadline()).isEqualTo(own);
    }

    @Test
    void the_news_may_come_on_any_leg_and_the_last_time_counts() {
        Legs legs = followed(LegResignation.SILENT_LEGS);
        legs.pass(700 * MILLI);
        legs.hear(legs.e1, 0, HIGHER);
        legs.pass(10 * MILLI);
        long start = legs.now;
        legs.hear(legs.e1, 0, HIGHER);
        legs.until(State.ACTIVE);
        assertThat(legs.now - start).isEqualTo(skew(100, SECOND));
    }

    @Test
    void the_group_says_that_the_active_router_resigned() {
        Legs legs = followed(LegResignation.SILENT_LEGS);
        legs.pass(700 * MILLI);
        takeoverAfterResignation(legs);
        assertThat(legs.recorder.reasons()).containsExactly(TransitionReason.ACTIVE_RESIGNED, TransitionReason.GROUP);
    }

    /** Both legs have just heard the active router. */
    private static Legs followed(LegResignation resignation) {
        Legs legs = Legs.backup(resignation);
        legs.hear(legs.e1, 200, HIGHER);
        legs.hear(legs.i1, 200, HIGHER);
        legs.recorder.clear();
        return legs;
    }

    private static long takeoverAfterResignation(Legs legs) {
        long start = legs.now;
        legs.hear(legs.i1, 0, HIGHER);
        legs.until(State.ACTIVE);
        return legs.now - start;
    }
}
