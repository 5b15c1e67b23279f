// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.skew;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A sync group whose members change, lose addresses, hear losers, are paused. */
class SyncGroupAtRunTimeTest {

    private static final Tracked SCRIPT = new Tracked(Tracked.Kind.SCRIPT, "check");

    @Test
    void a_member_that_joins_an_active_group_is_active_at_once_and_the_others_notice_nothing() {
        Legs legs = Legs.active();
        VirtualRouter third = legs.router("D1", "eth2", 63, 100);
        legs.group.add(third, legs.now);
        assertThat(legs.recorder.story()).containsExactly("D1 sends 100", "D1 ACTIVE");
        assertThat(legs.group.members()).hasSize(3);
    }

    @Test
    void a_member_that_joins_a_backup_group_is_backup_and_must_be_ready_too() {
        Legs legs = Legs.backup(LegResignation.THIS_LEG);
        legs.pass(2 * SECOND);
        VirtualRouter third = legs.router("D1", "eth2", 63, 100);
        legs.group.add(third, legs.now);
        long joined = legs.now;
        legs.until(State.ACTIVE);
        assertThat(legs.now - joined).isEqualTo(Bench.down(100, SECOND));
    }

    @Test
    void a_member_that_joins_with_a_fault_takes_the_group_along() {
        Legs legs = Legs.active();
        VirtualRouter third = legs.router("D1", "eth2", 63, 100);
        third.fault(FaultCause.link("eth2"), legs.now);
        legs.group.add(third, legs.now);
        assertThat(legs.group.state()).isEqualTo(State.FAULT);
        assertThat(legs.recorder.sent()).containsExactly(0, 0);
    }

    @Test
    void a_member_that_leaves_resigns_and_the_others_stay() {
        Legs legs = Legs.active();
        legs.group.remove(legs.i1, legs.now);
        assertThat(legs.recorder.story()).containsExactly("I1 sends 0", "I1 INITIALIZE");
        assertThat(legs.group.state()).isEqualTo(State.ACTIVE);
        assertThatThrownBy(() -> legs.group.remove(legs.e1, legs.now)).hasMessageContaining("it is the last member");
    }

    @Test
    void a_member_that_held_the_group_in_fault_frees_it_by_leaving() {
        Legs legs = Legs.active();
        legs.i1.fault(FaultCause.link("eth1"), legs.now);
        legs.group.remove(legs.i1, legs.now);
        assertThat(legs.group.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void when_one_loses_an_address_all_resign_and_wait_for_the_skew_only() {
        Legs legs = Legs.active();
        legs.i1.onAddressLost("192.0.2.100", legs.now);
        assertThat(legs.recorder.story())
                .containsExactly("I1 sends 0", "I1 BACKUP", "E1 sends 0", "E1 BACKUP", "group G1 BACKUP");
        long start = legs.now;
        legs.until(State.ACTIVE);
        assertThat(legs.now - start).isEqualTo(skew(100, SECOND));
    }

    @Test
    void when_one_hears_a_loser_all_announce_their_addresses_again() {
        Legs legs = Legs.active();
        legs.hear(legs.i1, 50, LOWER);
        assertThat(legs.recorder.story())
                .containsExactly("I1 sends 100", "I1 reannounces", "I1 hears 50 lose", "E1 reannounces");
    }

    @Test
    void paused_all_resign_and_take_no_part_until_resumed() {
        Legs legs = Legs.active();
        legs.group.pause(legs.now);
        assertThat(legs.group.state()).isEqualTo(State.FAULT);
        assertThat(legs.recorder.sent()).containsExactly(0, 0);
        legs.pass(100 * SECOND);
        legs.group.resume(legs.now);
        assertThat(legs.group.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void a_paused_group_stays_paused_when_its_first_member_leaves() {
        Legs legs = Legs.active();
        legs.group.pause(legs.now);
        legs.group.remove(legs.e1, legs.now);
        assertThat(legs.group.state()).isEqualTo(State.FAULT);
        legs.group.resume(legs.now);
        assertThat(legs.group.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void what_the_group_tracks_counts_for_all_members() {
        Legs legs =
                new Legs(new SyncGroupRules(List.of(Track.required(SCRIPT)), false, LegResignation.SILENT_LEGS), 100);
        legs.group.start(legs.now);
        assertThat(legs.group.state()).isEqualTo(State.FAULT);
        legs.group.onTrack(SCRIPT, TrackValue.UP, legs.now);
        assertThat(legs.group.state()).isEqualTo(State.BACKUP);
        legs.until(State.ACTIVE);
        legs.recorder.clear();
        legs.group.onTrack(SCRIPT, TrackValue.DOWN, legs.now);
        assertThat(legs.recorder.story())
                .containsExactly("E1 sends 0", "E1 FAULT", "I1 sends 0", "I1 FAULT", "group G1 FAULT");
    }

    @Test
    void a_member_that_joins_does_not_begin_a_startup_delay() {
        Legs legs = Legs.active();
        VirtualRouter third = new VirtualRouter(
                VirtualRouterConfig.builder("D1", "eth2")
                        .version(Version.V3)
                        .virtualRouterId(63)
                        .startupDelay(Duration.ofSeconds(3))
                        .address("10.9.0.1/24")
                        .build(),
                Bench.OURS,
                legs.recorder);
        legs.group.add(third, legs.now);
        assertThat(third.state()).isEqualTo(State.ACTIVE);
        legs.hear(third, 200, Bench.HIGHER);
        assertThat(legs.group.state()).as("it hears").isEqualTo(State.BACKUP);
    }

    @Test
    void a_script_that_comes_with_a_member_does_not_cost_the_role_before_it_has_been_run() {
        Legs legs = Legs.active();
        VirtualRouter third = new VirtualRouter(
                VirtualRouterConfig.builder("D1", "eth2")
                        .version(Version.V3)
                        .virtualRouterId(63)
                        .track(Track.required(SCRIPT))
                        .address("10.9.0.1/24")
                        .build(),
                Bench.OURS,
                legs.recorder);
        legs.group.add(third, legs.now);
        assertThat(legs.group.state()).isEqualTo(State.ACTIVE);
        third.onTrack(SCRIPT, TrackValue.DOWN, legs.now);
        assertThat(legs.group.state()).isEqualTo(State.FAULT);
    }

    @Test
    void another_order_moves_nobody_and_a_paused_group_stays_paused() {
        Legs legs = Legs.active();
        legs.group.arrange(List.of("I1", "E1"), legs.now);
        assertThat(legs.recorder.story()).isEmpty();
        assertThat(legs.group.members()).containsExactly(legs.i1, legs.e1);
        legs.group.pause(legs.now);
        legs.group.arrange(List.of("E1", "I1"), legs.now);
        legs.group.remove(legs.i1, legs.now);
        assertThat(legs.group.state()).isEqualTo(State.FAULT);
        legs.group.resume(legs.now);
        assertThat(legs.group.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void other_rules_can_be_set_while_it_runs() {
        Legs legs = Legs.active();
        Track weight = new Track(Tracked.networkInterface("eth9"), 10, false);
        legs.group.setRules(new SyncGroupRules(List.of(weight), false, LegResignation.THIS_LEG), legs.now);
        assertThat(legs.e1.priority()).isEqualTo(110);
        assertThat(legs.i1.priority()).isEqualTo(110);
        assertThat(legs.group.state()).isEqualTo(State.ACTIVE);
    }
}
