// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Bench.down;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A virtual router that is configured anew while it runs. */
class ReconfigurationTest {

    private static final VirtualAddress SECOND_ADDRESS = VirtualAddress.parse("192.0.2.101/24", "eth0");

    @Test
    void an_active_router_stays_active_says_nothing_and_keeps_its_schedule_and_counters() {
        Bench bench = Bench.active();
        long before = bench.router.nextDeadline();
        change(bench, it -> it.priority(150).preempt(false));
        assertThat(bench.recorder.story()).containsExactly("E1 is configured", "E1 ACTIVE has 150");
        assertThat(bench.router.nextDeadline()).isEqualTo(before);
        assertThat(bench.router.counters().becameActive()).isEqualTo(1);
        bench.recorder.clear();
        bench.untilDeadline();
        assertThat(bench.recorder.sent()).containsExactly(150);
    }

    @Test
    void an_active_router_that_was_late_when_it_is_configured_anew_yields_first() {
        Bench bench = Bench.active();
        bench.after(10 * SECOND);
        change(bench, it -> it.interval(Duration.ofMillis(100)));
        assertThat(bench.recorder.sent()).isEmpty();
        assertThat(bench.recorder.reasons()).containsExactly(TransitionReason.LATE);
    }

    @Test
    void whoever_sends_and_receives_for_it_is_told_of_what_really_changed() {
        Bench bench = Bench.backup();
        VirtualRouterConfig before = bench.router.config();
        change(bench, UnaryOperator.identity());
        assertThat(bench.recorder.effects).isEmpty();
        change(bench, it -> it.interval(Duration.ofMillis(100)));
        assertThat(bench.recorder.effects)
                .containsExactly(new Effect.Reconfigured(bench.router, before, bench.router.config()));
    }

    @Test
    void a_backup_keeps_its_timer_and_what_it_learned() {
        Bench bench = Bench.backup();
        bench.hear(200, 50, HIGHER);
        bench.after(SECOND / 2);
        long before = bench.router.nextDeadline();
        change(bench, it -> it.announcements(AnnouncementPolicy.ONCE));
        assertThat(bench.router.nextDeadline()).isEqualTo(before);
        assertThat(bench.router.activeIntervalCentis()).isEqualTo(50);
        assertThat(bench.router.activeRouter()).isEqualTo(HIGHER);
    }

    @Test
    void another_priority_shifts_the_running_down_timer() {
        Bench bench = Bench.backup();
        bench.after(SECOND);
        change(bench, it -> it.priority(200));
        assertThat(bench.router.nextDeadline() - Bench.START).isEqualTo(down(200, SECOND));
    }

    @Test
    void another_interval_counts_from_now_on_and_is_advertised_at_once() {
        Bench active = Bench.active();
        // Long ago for the new interval, but nobody has reason to take over.
        active.after(SECOND * 9 / 10);
        change(active, it -> it.interval(Duration.ofMillis(100)));
        assertThat(active.recorder.story()).containsExactly("E1 is configured", "E1 sends 100");
        assertThat(active.recorder.advertisements().get(0).intervalCentis()).isEqualTo(10);
        assertThat(active.remaining()).isEqualTo(SECOND / 10);
        active.untilDeadline();
        assertThat(active.router.state()).isEqualTo(State.ACTIVE);

        Bench backup = Bench.backup();
        change(backup, it -> it.interval(Duration.ofMillis(100)));
        assertThat(backup.remaining()).isEqualTo(down(100, SECOND / 10));
    }

    @Test
    void addresses_are_added_and_taken_away_and_advertised_from_the_next_time_on() {
        Bench bench = Bench.active();
        bench.router.addAddress(SECOND_ADDRESS, true, bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 is configured", "E1 holds [192.0.2.100, 192.0.2.101]");
        bench.untilDeadline();
        assertThat(bench.recorder.advertisements().get(0).addresses()).hasSize(2);
        bench.router.removeAddress(IpAddress.parse("192.0.2.100"), bench.now);
        bench.recorder.clear();
        bench.untilDeadline();
        assertThat(bench.recorder.advertisements().get(0).addresses()).isEqualTo(Bench.addresses("192.0.2.101"));
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void an_address_that_is_there_or_not_there_or_the_last_one_is_refused() {
        Bench bench = Bench.active();
        assertThatThrownBy(
                        () -> bench.router.addAddress(VirtualAddress.parse("192.0.2.100/32", "eth0"), false, bench.now))
                .hasMessage("virtual router E1 has the address 192.0.2.100 already");
        assertThatThrownBy(() -> bench.router.removeAddress(IpAddress.parse("192.0.2.7"), bench.now))
                .hasMessage("virtual router E1 has no address 192.0.2.7");
        assertThatThrownBy(() -> bench.router.removeAddress(IpAddress.parse("192.0.2.100"), bench.now))
                .hasMessageContaining("it needs 1 to 255");
        assertThat(bench.router.config().addresses()).hasSize(1);
    }

    @Test
    void a_backup_holds_nothing_and_says_nothing_of_other_addresses() {
        Bench bench = Bench.backup();
        bench.router.addAddress(SECOND_ADDRESS, false, bench.now);
        assertThat(bench.recorder.story()).containsExactly("E1 is configured");
        assertThat(bench.router.config().excludedAddresses()).containsExactly(SECOND_ADDRESS);
    }

    @Test
    void what_is_known_of_trackers_is_kept() {
        Tracked script = new Tracked(Tracked.Kind.SCRIPT, "check");
        Bench bench =
                new Bench(Bench.config(Version.V3).track(Track.required(script)).build());
        bench.router.onTrack(script, TrackValue.UP, bench.now);
        bench.router.start(bench.now);
        change(bench, it -> it.priority(120));
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void a_fault_of_something_that_is_no_longer_tracked_is_gone() {
        Tracked link = Tracked.networkInterface("eth9");
        Bench bench = Bench.backup(it -> it.track(Track.required(link)));
        bench.router.onTrack(link, TrackValue.DOWN, bench.now);
        assertThat(bench.router.state()).isEqualTo(State.FAULT);
        bench.router.reconfigure(Bench.config(Version.V3).build(), bench.now);
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void a_link_that_is_no_longer_needed_holds_it_in_fault_no_longer() {
        VirtualAddress elsewhere = VirtualAddress.parse("198.51.100.1/24", "eth1");
        Bench bench = Bench.active(it -> it.address(elsewhere));
        bench.router.fault(FaultCause.link("eth1"), bench.now);
        change(bench, it -> it.priority(120));
        assertThat(bench.router.state()).isEqualTo(State.FAULT);
        bench.router.removeAddress(elsewhere.address(), bench.now);
        assertThat(bench.router.faults()).isEmpty();
        assertThat(bench.router.state()).isEqualTo(State.BACKUP);

        Bench indifferent = Bench.backup();
        indifferent.router.fault(FaultCause.link("eth0"), indifferent.now);
        change(indifferent, it -> it.trackPrimary(false));
        assertThat(indifferent.router.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void a_link_that_another_has_to_do_with_holds_it_in_fault_still() {
        Bench bench = Bench.active();
        // Not one of its interfaces: who says so will say when it is over.
        bench.router.fault(FaultCause.link("tun0"), bench.now);
        change(bench, it -> it.priority(120));
        assertThat(bench.router.state()).isEqualTo(State.FAULT);
    }

    @Test
    void a_sync_group_leaves_fault_when_the_link_of_its_member_is_no_longer_needed() {
        VirtualAddress elsewhere = VirtualAddress.parse("198.51.100.1/24", "eth2");
        Recorder recorder = new Recorder();
        VirtualRouter one =
                new VirtualRouter(Bench.config(Version.V3).address(elsewhere).build(), Bench.OURS, recorder);
        VirtualRouter two = new VirtualRouter(
                VirtualRouterConfig.builder("I1", "eth1")
                        .virtualRouterId(52)
                        .address("198.51.100.9")
                        .build(),
                Bench.OURS,
                recorder);
        SyncGroup group = new SyncGroup("G1", List.of(one, two), recorder);
        group.start(0);
        one.fault(FaultCause.link("eth2"), 1);
        assertThat(group.state()).isEqualTo(State.FAULT);
        one.removeAddress(elsewhere.address(), 2);
        assertThat(group.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void a_backup_that_becomes_the_owner_is_active_at_once() {
        Bench bench = Bench.backup();
        change(bench, it -> it.priority(255));
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        assertThat(bench.recorder.sent()).containsExactly(255);
    }

    @Test
    void version_2_becomes_version_3_by_way_of_both() {
        Bench bench = new Bench(Bench.config(Version.V2).build());
        bench.router.start(bench.now);
        bench.untilDeadline();
        change(bench, it -> it.version(Version.V3).dualVersion(true));
        change(bench, it -> it.dualVersion(false));
        bench.recorder.clear();
        bench.untilDeadline();
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
        assertThat(bench.recorder.advertisements().get(0).version()).isEqualTo(Version.V3);
    }

    @Test
    void what_would_be_another_virtual_router_is_refused_and_says_why() {
        Bench bench = Bench.active();
        VirtualRouterConfig other = bench.router.config().toBuilder()
                .virtualRouterId(52)
                .virtualMac(new VirtualMac("vrrp.52", Optional.empty(), false))
                .transport(Transport.Unicast.to(HIGHER))
                .build();
        assertThat(Reconfiguration.obstacles(bench.router.config(), other)).hasSize(3);
        assertThatThrownBy(() -> bench.router.reconfigure(other, bench.now))
                .hasMessageStartingWith("virtual router E1 cannot be changed while it runs, stop it and start it anew: "
                        + "VRID changes from 51 to 52; destination changes from ");
        VirtualRouterConfig v2 = Bench.config(Version.V2).build();
        VirtualRouterConfig header =
                v2.toBuilder().authentication(Authentication.header("zzzz")).build();
        assertThat(Reconfiguration.obstacles(v2, header)).hasSize(1);
    }

    @Test
    void another_address_that_unicast_is_sent_to_makes_another_virtual_router() {
        VirtualRouterConfig any =
                Bench.config(Version.V3).transport(Transport.Unicast.to(HIGHER)).build();
        VirtualRouterConfig one = any.toBuilder().sourceAddress(Bench.OURS).build();
        VirtualRouterConfig other = any.toBuilder().sourceAddress(LOWER).build();
        assertThat(Reconfiguration.obstacles(one, other))
                .containsExactly("destination changes from unicast 192.0.2.5 to unicast 192.0.2.2");
        assertThat(Reconfiguration.obstacles(any, one))
                .containsExactly("destination changes from unicast to any own address to unicast 192.0.2.5");
        VirtualRouterConfig otherPeer =
                one.toBuilder().transport(Transport.Unicast.to(LOWER)).build();
        assertThat(Reconfiguration.obstacles(one, otherPeer)).isEmpty();
        // A group is heard whatever address we speak from.
        VirtualRouterConfig multicast = Bench.config(Version.V3).build();
        assertThat(Reconfiguration.obstacles(
                        multicast, multicast.toBuilder().sourceAddress(LOWER).build()))
                .isEmpty();
    }

    @Test
    void counters_can_be_cleared() {
        Bench bench = Bench.active();
        bench.router.clearCounters();
        assertThat(bench.router.counters().becameActive()).isZero();
        assertThat(bench.router.counters().advertsSent()).isZero();
    }

    private static void change(Bench bench, UnaryOperator<VirtualRouterConfigBuilder> with) {
        bench.router.reconfigure(with.apply(bench.router.config().toBuilder()).build(), bench.now);
    }
}
