// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.MILLI;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncGroupTest {

    private final Recorder recorder = new Recorder();
    private final VirtualRouter e1 = router("E1", "eth0", 61, 100);
    private final VirtualRouter i1 = router("I1", "eth1", 62, 100);
    private final SyncGroup group = new SyncGroup("G1", List.of(e1, i1), recorder);
    private long now = Bench.START;

    @Test
    void all_members_start_as_backups_and_the_group_says_so_last() {
        group.start(now);
        assertThat(recorder.story()).containsExactly("E1 BACKUP", "I1 BACKUP", "group G1 BACKUP");
        assertThat(group.nextDeadline() - now).isEqualTo(down(100, SECOND));
    }

    @Test
    void when_all_down_timers_have_expired_all_become_active_at_once() {
        becomeActive();
        assertThat(recorder.story())
                .containsExactly("I1 sends 100", "I1 ACTIVE", "E1 sends 100", "E1 ACTIVE", "group G1 ACTIVE");
    }

    @Test
    void a_member_whose_timer_expires_waits_while_another_hears_an_active_router() {
        group.start(now);
        for (int i = 0; i < 20; i++) {
            now += SECOND;
            hear(i1, 200, HIGHER);
            group.advance(now);
        }
        assertThat(group.state()).isEqualTo(State.BACKUP);
        assertThat(e1.state()).isEqualTo(State.BACKUP);
        assertThat(recorder.sent()).isEmpty();
    }

    @Test
    void it_goes_ahead_as_soon_as_the_last_timer_expires() {
        group.start(now);
        now += 2 * SECOND;
        hear(i1, 200, HIGHER);
        now = group.nextDeadline();
        group.advance(now);
        assertThat(group.state()).isEqualTo(State.BACKUP);
        now = i1.nextDeadline();
        group.advance(now);
        assertThat(group.state()).isEqualTo(State.ACTIVE);
        assertThat(now - Bench.START).isEqualTo(2 * SECOND + down(100, SECOND));
    }

    @Test
    void a_member_that_was_willing_and_hears_a_better_router_again_blocks_the_group_again() {
        group.start(now);
        now += 2 * SECOND;
        hear(i1, 200, HIGHER);
        now = e1.nextDeadline();
        group.advance(now);
        hear(e1, 200, HIGHER);
        now = i1.nextDeadline();
        group.advance(now);
        assertThat(group.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void when_one_yields_all_yield_without_priority_zero() {
        becomeActive();
        recorder.clear();
        hear(e1, 200, HIGHER);
        assertThat(recorder.story()).containsExactly("E1 BACKUP", "I1 BACKUP", "group G1 BACKUP");
        assertThat(i1.nextDeadline() - now).isEqualTo(down(100, SECOND));
    }

    @Test
    void when_a_link_fails_all_members_fault_and_those_that_can_be_heard_resign() {
        becomeActive();
        recorder.clear();
        e1.fault(FaultCause.link("eth0"), now);
        assertThat(recorder.story()).containsExactly("E1 FAULT", "I1 sends 0", "I1 FAULT", "group G1 FAULT");
        assertThat(group.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void the_group_leaves_fault_when_every_member_is_clean_and_starts_over() {
        becomeActive();
        e1.fault(FaultCause.link("eth0"), now);
        i1.fault(FaultCause.link("eth1"), now);
        recorder.clear();
        now += 10 * SECOND;
        e1.clearFault(FaultCause.link("eth0"), now);
        assertThat(recorder.effects).isEmpty();
        i1.clearFault(FaultCause.link("eth1"), now);
        assertThat(recorder.story()).containsExactly("E1 BACKUP", "I1 BACKUP", "group G1 BACKUP");
        assertThat(group.nextDeadline() - now).isEqualTo(down(100, SECOND));
    }

    @Test
    void started_with_one_link_down_the_whole_group_is_in_fault() {
        i1.fault(FaultCause.link("eth1"), now);
        group.start(now);
        assertThat(recorder.story()).containsExactly("E1 FAULT", "I1 FAULT", "group G1 FAULT");
    }

    @Test
    void stopping_resigns_on_every_leg() {
        becomeActive();
        recorder.clear();
        group.stop(now);
        assertThat(recorder.story())
                .containsExactly("E1 sends 0", "E1 INITIALIZE", "I1 sends 0", "I1 INITIALIZE", "group G1 INITIALIZE");
    }

    @Test
    void giving_the_role_away_resigns_on_every_leg_and_stays_in_the_game() {
        becomeActive();
        recorder.clear();
        group.resign("handover", now);
        assertThat(recorder.story())
                .containsExactly("E1 sends 0", "E1 BACKUP", "I1 sends 0", "I1 BACKUP", "group G1 BACKUP");
        now = group.nextDeadline();
        group.advance(now);
        assertThat(group.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void a_resignation_heard_on_one_leg_only_does_not_elect_the_group() {
        group.start(now);
        now += SECOND;
        hear(e1, 200, HIGHER);
        hear(i1, 200, HIGHER);
        now += 100 * MILLI;
        hear(e1, 0, HIGHER);
        now = e1.nextDeadline();
        group.advance(now);
        assertThat(group.state()).isEqualTo(State.BACKUP);
        now = i1.nextDeadline();
        group.advance(now);
        assertThat(group.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void a_held_preemption_on_any_leg_blocks_the_group() {
        group.setPreemptionHold(true);
        group.start(now);
        for (int i = 0; i < 10; i++) {
            now += SECOND;
            hear(e1, 50, LOWER);
            group.advance(now);
        }
        assertThat(group.state()).isEqualTo(State.BACKUP);
        group.setPreemptionHold(false);
        now = e1.nextDeadline();
        group.advance(now);
        assertThat(group.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void owners_become_active_together_at_startup() {
        VirtualRouter first = router("E2", "eth0", 63, 255);
        VirtualRouter second = router("I2", "eth1", 64, 255);
        SyncGroup owners = new SyncGroup("G2", List.of(first, second), recorder);
        owners.start(now);
        assertThat(owners.state()).isEqualTo(State.ACTIVE);
        assertThat(recorder.sent()).containsExactly(255, 255);
    }

    @Test
    void a_group_of_one_behaves_like_its_member() {
        VirtualRouter only = router("E3", "eth0", 65, 100);
        SyncGroup single = new SyncGroup("E3", List.of(only), recorder);
        single.start(now);
        single.advance(single.nextDeadline());
        assertThat(single.state()).isEqualTo(State.ACTIVE);
        assertThat(recorder.story())
                .containsExactly("E3 BACKUP", "group E3 BACKUP", "E3 sends 100", "E3 ACTIVE", "group E3 ACTIVE");
    }

    @Test
    void a_router_is_a_member_of_one_group_only() {
        assertThatThrownBy(() -> new SyncGroup("G9", List.of(e1), recorder))
                .hasMessage("virtual router E1 is a member of two sync groups");
    }

    private void becomeActive() {
        group.start(now);
        now = group.nextDeadline();
        recorder.clear();
        group.advance(now);
        assertThat(group.state()).isEqualTo(State.ACTIVE);
    }

    private void hear(VirtualRouter router, int priority, IpAddress source) {
        VirtualRouterConfig config = router.config();
        router.onAdvertisement(
                new Advertisement(
                        Version.V2,
                        config.virtualRouterId(),
                        priority,
                        100,
                        config.advertisedAddresses(),
                        Authentication.NONE,
                        ChecksumForm.MESSAGE_ONLY),
                source,
                now);
    }

    private VirtualRouter router(String name, String interfaceName, int virtualRouterId, int priority) {
        VirtualRouterConfig config = VirtualRouterConfig.builder(name, interfaceName)
                .virtualRouterId(virtualRouterId)
                .priority(priority)
                .address("192.0.2.100/24")
                .build();
        return new VirtualRouter(config, Bench.OURS, recorder);
    }
}
