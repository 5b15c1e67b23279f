// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.skew;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** keepalived's settings for the moment when two active routers hear each other, and for losing an address. */
class YieldAndAnswerTest {

    @Test
    void with_lower_prio_no_advert_a_loser_is_not_answered_but_addresses_are_announced() {
        Bench bench = Bench.active(it -> it.lowerPriorityNoAdvert(true));
        bench.hear(50, HIGHER);
        assertThat(bench.recorder.story()).containsExactly("E1 reannounces", "E1 hears 50 lose");
        assertThat(bench.router.counters().losingAdvertsAnswered()).isZero();
    }

    @Test
    void with_higher_prio_send_advert_it_speaks_once_more_before_it_yields() {
        Bench bench = Bench.active(it -> it.higherPrioritySendsAdvert(true));
        bench.hear(200, HIGHER);
        assertThat(bench.recorder.story()).containsExactly("E1 sends 100", "E1 BACKUP");
    }

    @Test
    void an_active_router_that_loses_an_address_resigns_and_waits_for_the_skew_only() {
        Bench bench = Bench.active();
        bench.after(SECOND / 2);
        bench.router.onAddressLost("192.0.2.100", bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 sends 0", "E1 BACKUP");
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.ADDRESS_LOST);
        assertThat(bench.remaining()).isEqualTo(skew(100, SECOND));
        bench.untilDeadline();
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        assertThat(bench.router.counters().addressesLost()).isEqualTo(1);
    }

    @Test
    void a_backup_has_no_address_to_lose() {
        Bench bench = Bench.backup();
        bench.router.onAddressLost("192.0.2.100", bench.now);
        assertThat(bench.recorder.effects).isEmpty();
    }

    @Test
    void with_another_number_of_adverts_the_down_interval_is_longer_and_the_skew_is_not() {
        Bench bench = Bench.backup(it -> it.downTimerAdverts(5));
        assertThat(bench.remaining()).isEqualTo(5 * SECOND + skew(100, SECOND));
        bench.hear(0, HIGHER);
        assertThat(bench.remaining()).isEqualTo(skew(100, SECOND));
    }

    @Test
    void giving_the_role_away_sends_priority_zero_and_waits_a_whole_down_interval() {
        Bench bench = Bench.active();
        bench.after(SECOND / 100);
        bench.router.resign("handover", bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 sends 0", "E1 BACKUP");
        assertThat(bench.remaining()).isEqualTo(Bench.down(100, SECOND));
    }

    @Test
    void paused_it_resigns_and_takes_no_part_until_it_is_resumed() {
        Bench bench = Bench.active();
        bench.router.pause(bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 sends 0", "E1 FAULT");
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.PAUSED);
        assertThat(bench.router.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        bench.router.resume(bench.now);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
    }
}
