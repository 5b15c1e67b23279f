// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.vrrp.codec.Version;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What trackers do to priority and state: keepalived's weights. */
class TrackingTest {

    private static final Tracked LINK = Tracked.networkInterface("eth9");
    private static final Tracked SCRIPT = new Tracked(Tracked.Kind.SCRIPT, "check");
    private static final Tracked OTHER_SCRIPT = new Tracked(Tracked.Kind.SCRIPT, "other");
    private static final Tracked FILE = new Tracked(Tracked.Kind.FILE, "load");
    private static final Tracked PROCESS = new Tracked(Tracked.Kind.PROCESS, "bird");

    @Test
    void a_positive_weight_is_added_while_up_and_a_negative_one_while_down() {
        Bench plus = tracking(new Track(LINK, 20, false));
        assertThat(plus.router.priority()).isEqualTo(120);
        plus.router.onTrack(LINK, TrackValue.DOWN, plus.now);
        assertThat(plus.router.priority()).isEqualTo(100);

        Bench minus = tracking(new Track(PROCESS, -20, false));
        assertThat(minus.router.priority()).isEqualTo(100);
        minus.router.onTrack(PROCESS, TrackValue.DOWN, minus.now);
        assertThat(minus.router.priority()).isEqualTo(80);
    }

    @Test
    void reverse_turns_the_sign_of_what_is_added() {
        Bench plus = tracking(new Track(LINK, 20, true));
        assertThat(plus.router.priority()).isEqualTo(80);
        Bench minus = tracking(new Track(LINK, -20, true));
        assertThat(minus.router.priority()).isEqualTo(100);
        minus.router.onTrack(LINK, TrackValue.DOWN, minus.now);
        assertThat(minus.router.priority()).isEqualTo(120);
    }

    @Test
    void weights_add_up_and_the_sum_is_kept_within_1_and_254() {
        Bench bench = tracking(new Track(LINK, 100, false), new Track(PROCESS, 100, false));
        assertThat(bench.router.priority()).isEqualTo(254);
        bench.router.onTrack(LINK, TrackValue.DOWN, bench.now);
        assertThat(bench.router.priority()).isEqualTo(200);
        Bench low = tracking(new Track(FILE, 1, false));
        low.router.onTrack(FILE, TrackValue.number(-200), low.now);
        assertThat(low.router.priority()).isEqualTo(1);
        assertThat(low.router.basePriority()).isEqualTo(100);
    }

    @Test
    void weight_zero_is_a_fault_while_down_or_reversed_while_up() {
        Bench bench = tracking(Track.required(LINK));
        bench.router.onTrack(LINK, TrackValue.DOWN, bench.now);
        assertThat(bench.router.state()).isEqualTo(State.FAULT);
        assertThat(bench.router.faults())
                .extracting(FaultCause::toString)
                .containsExactly("interface eth9: tracked object failed");
        bench.router.onTrack(LINK, TrackValue.UP, bench.now);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);

        Bench reverse = tracking(new Track(LINK, 0, true));
        assertThat(reverse.router.state()).isEqualTo(State.FAULT);
        reverse.router.onTrack(LINK, TrackValue.DOWN, reverse.now);
        assertThat(reverse.router.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void an_active_router_resigns_once_for_a_failed_script() {
        Bench bench = tracking(Track.required(SCRIPT));
        bench.router.onTrack(SCRIPT, TrackValue.UP, bench.now);
        bench.untilDeadline();
        bench.recorder.clear();
        bench.router.onTrack(SCRIPT, TrackValue.DOWN, bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 sends 0", "E1 FAULT");
    }

    @Test
    void with_a_required_script_that_has_not_finished_yet_it_waits() {
        Bench bench = tracking(Track.required(SCRIPT));
        assertThat(bench.router.state()).isEqualTo(State.FAULT);
        assertThat(bench.router.faults()).extracting(FaultCause::kind).containsExactly(FaultCause.Kind.TRACKER_UNKNOWN);
        bench.router.onTrack(SCRIPT, TrackValue.UP, bench.now);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        assertThat(bench.remaining()).isEqualTo(down(100, SECOND));
    }

    @Test
    void a_required_script_that_comes_with_a_reload_costs_nothing_until_its_first_run_fails() {
        Bench bench = tracking();
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        bench.recorder.clear();
        bench.router.reconfigure(
                bench.router.config().toBuilder()
                        .track(Track.required(SCRIPT))
                        .track(new Track(OTHER_SCRIPT, 50, false))
                        .build(),
                bench.now);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        assertThat(bench.router.priority())
                .as("a weight counts when something is known")
                .isEqualTo(100);
        bench.router.onTrack(SCRIPT, TrackValue.UP, bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 is configured");
        bench.router.onTrack(SCRIPT, TrackValue.DOWN, bench.now);
        assertThat(bench.router.state()).isEqualTo(State.FAULT);
    }

    @Test
    void between_not_known_and_failed_it_is_never_free_of_fault() {
        Bench bench = tracking(Track.required(SCRIPT));
        bench.recorder.clear();
        bench.router.onTrack(SCRIPT, TrackValue.DOWN, bench.now);
        assertThat(bench.recorder.effects).isEmpty();
        assertThat(bench.router.faults()).extracting(FaultCause::kind).containsExactly(FaultCause.Kind.TRACKER);
    }

    @Test
    void a_script_with_a_weight_does_not_count_before_it_has_finished() {
        Bench bench = tracking(new Track(SCRIPT, -30, false));
        assertThat(bench.router.priority()).isEqualTo(100);
        bench.router.onTrack(SCRIPT, TrackValue.DOWN, bench.now);
        assertThat(bench.router.priority()).isEqualTo(70);
    }

    @Test
    void the_number_of_a_file_is_multiplied_with_the_weight() {
        Bench bench = tracking(new Track(FILE, 2, false));
        bench.router.onTrack(FILE, TrackValue.number(-30), bench.now);
        assertThat(bench.router.priority()).isEqualTo(40);
        Bench reverse = tracking(new Track(FILE, 2, true));
        reverse.router.onTrack(FILE, TrackValue.number(-30), reverse.now);
        assertThat(reverse.router.priority()).isEqualTo(160);
    }

    @Test
    void a_product_of_minus_254_or_less_is_a_fault_and_with_weight_zero_any_number_is() {
        Bench bench = tracking(new Track(FILE, 2, false));
        bench.router.onTrack(FILE, TrackValue.number(-126), bench.now);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
        bench.router.onTrack(FILE, TrackValue.number(-127), bench.now);
        assertThat(bench.router.state()).isEqualTo(State.FAULT);
        bench.router.onTrack(FILE, TrackValue.number(Integer.MIN_VALUE), bench.now);
        assertThat(bench.router.state()).isEqualTo(State.FAULT);

        Bench zero = tracking(Track.required(FILE));
        assertThat(zero.router.state()).isEqualTo(State.BACKUP);
        zero.router.onTrack(FILE, TrackValue.number(1), zero.now);
        assertThat(zero.router.state()).isEqualTo(State.FAULT);
    }

    @Test
    void a_changed_priority_is_told_and_shifts_the_running_down_timer_by_the_difference_of_the_skews() {
        Bench bench = tracking(new Track(LINK, 50, false));
        bench.recorder.clear();
        bench.after(SECOND);
        bench.router.onTrack(LINK, TrackValue.DOWN, bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 BACKUP has 100");
        assertThat(bench.router.nextDeadline() - Bench.START).isEqualTo(down(100, SECOND));
        bench.router.onTrack(LINK, TrackValue.UP, bench.now);
        assertThat(bench.router.nextDeadline() - Bench.START).isEqualTo(down(150, SECOND));
    }

    @Test
    void a_shifted_down_timer_never_fires_in_the_past() {
        Bench bench = tracking(new Track(LINK, -100, false));
        bench.router.onTrack(LINK, TrackValue.DOWN, bench.now);
        bench.after(down(100, SECOND) + SECOND / 10);
        bench.router.onTrack(LINK, TrackValue.UP, bench.now);
        assertThat(bench.remaining()).isZero();
    }

    @Test
    void the_new_priority_of_an_active_router_is_in_its_next_advertisement() {
        Bench bench = tracking(new Track(LINK, -60, false));
        bench.untilDeadline();
        bench.recorder.clear();
        bench.after(SECOND / 10);
        bench.router.onTrack(LINK, TrackValue.DOWN, bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 ACTIVE has 40");
        bench.untilDeadline();
        assertThat(bench.recorder.sent()).containsExactly(40);
    }

    @Test
    void a_base_priority_set_by_hand_keeps_what_trackers_add() {
        Bench bench = tracking(new Track(LINK, 20, false));
        bench.router.setPriority(150, bench.now);
        assertThat(bench.router.priority()).isEqualTo(170);
        assertThat(bench.router.basePriority()).isEqualTo(150);
    }

    @Test
    void news_about_something_not_tracked_change_nothing() {
        Bench bench = tracking(new Track(LINK, 20, false));
        bench.recorder.clear();
        bench.router.onTrack(SCRIPT, TrackValue.DOWN, bench.now);
        bench.router.onTrack(LINK, TrackValue.UP, bench.now);
        assertThat(bench.recorder.effects).isEmpty();
    }

    @Test
    void in_a_group_the_weights_of_members_do_not_count_unless_so_configured_but_those_of_the_group_do() {
        Track own = new Track(LINK, 20, false);
        Track shared = new Track(PROCESS, 5, false);
        assertThat(inGroup(own, new SyncGroupRules(List.of(), false, LegResignation.THIS_LEG)))
                .isEqualTo(100);
        assertThat(inGroup(own, new SyncGroupRules(List.of(), true, LegResignation.THIS_LEG)))
                .isEqualTo(120);
        assertThat(inGroup(own, new SyncGroupRules(List.of(shared), false, LegResignation.THIS_LEG)))
                .isEqualTo(105);
    }

    @Test
    void a_process_may_weigh_254_which_is_the_whole_range_and_no_fault() {
        Bench minus = tracking(new Track(PROCESS, -254, false));
        minus.router.onTrack(PROCESS, TrackValue.DOWN, minus.now);
        assertThat(minus.router.priority()).isEqualTo(1);
        assertThat(minus.router.state()).isEqualTo(State.BACKUP);
        assertThat(tracking(new Track(PROCESS, 254, false)).router.priority()).isEqualTo(254);
    }

    @Test
    void weights_out_of_range_are_refused() {
        assertThatThrownBy(() -> new Track(PROCESS, 255, false)).hasMessageContaining("must be -254 to 254");
        assertThatThrownBy(() -> new Track(LINK, 254, false)).hasMessageContaining("must be -253 to 253");
        assertThatThrownBy(() -> Bench.config(Version.V3)
                        .track(Track.required(LINK))
                        .track(new Track(LINK, 2, false))
                        .build())
                .hasMessageContaining("tracked twice");
    }

    private static int inGroup(Track own, SyncGroupRules rules) {
        Recorder recorder = new Recorder();
        VirtualRouter first =
                new VirtualRouter(Bench.config(Version.V3).track(own).build(), Bench.OURS, recorder);
        VirtualRouter second = new VirtualRouter(
                VirtualRouterConfig.builder("I1", "eth1")
                        .virtualRouterId(52)
                        .address("198.51.100.1")
                        .build(),
                Bench.OURS,
                recorder);
        SyncGroup group = new SyncGroup("G1", List.of(first, second), rules, recorder);
        group.start(0);
        return first.priority();
    }

    private static Bench tracking(Track... tracks) {
        Bench bench = new Bench(config(tracks));
        bench.router.start(bench.now);
        return bench;
    }

    private static VirtualRouterConfig config(Track... tracks) {
        VirtualRouterConfigBuilder config = Bench.config(Version.V3);
        for (Track track : tracks) {
            config.track(track);
        }
        return config.build();
    }
}
