// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static io.keepstate.node.Milliseconds.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.event.Role;
import io.keepstate.node.event.RouterChanged;
import io.keepstate.node.port.AdvertSink;
import io.keepstate.node.port.Waker;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.TransitionReason;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VrrpDutyTest {
    private final List<Integer> sentPriorities = new ArrayList<>();
    private final BoundedQueue<ToSync> toSync = new BoundedQueue<>(8, Waker.NONE);
    private final BoundedQueue<ToVrrp> fromSync = new BoundedQueue<>(8, Waker.NONE);
    private long now;
    private final VrrpDuty duty = new VrrpDuty(
            List.of(Groups.reference(100)),
            router -> IpAddress.parse("10.15.7.101"),
            true,
            (router, advert) -> sentPriorities.add(advert.priority()),
            toSync,
            fromSync);

    @Test
    void advertisesBeforeItTellsTheElection() {
        duty.start(0);
        ToSync.RoleChange first = nextRole();
        assertThat(first.role()).isEqualTo(Role.BACKUP);
        assertThat(first.holdNumber()).isEqualTo(1);
        runUntilActive();
        assertThat(sentPriorities).containsExactly(100, 100);
        assertThat(nextRole().role()).isEqualTo(Role.ACTIVE);
    }

    @Test
    void holdsPreemptionUntilTheSyncSideLiftsThisVeryHold() {
        duty.start(0);
        VirtualRouter router = duty.routers().get(0);
        assertThat(router.preemptionHold()).isTrue();
        fromSync.offer(new ToVrrp.AllowPreemption(0));
        duty.doWork(ms(1));
        assertThat(router.preemptionHold()).isTrue();
        fromSync.offer(new ToVrrp.AllowPreemption(1));
        duty.doWork(ms(2));
        assertThat(router.preemptionHold()).isFalse();
    }

    @Test
    void givesTheRoleAwayWithPriorityZeroWhenTheSyncSideCannotServe() {
        duty.start(0);
        runUntilActive();
        sentPriorities.clear();
        fromSync.offer(new ToVrrp.GiveUp("G1", "addresses: ENODEV"));
        duty.doWork(ms(5000));
        assertThat(sentPriorities).containsExactly(0, 0);
        assertThat(duty.routers().get(0).state()).isEqualTo(State.BACKUP);
    }

    @Test
    void aSyncLoopThatStandsStillCostsTheRoleUntilItTurnsAgain() {
        duty.start(0);
        runUntilActive();
        sentPriorities.clear();
        duty.setSyncLoopAlive(false, ms(5000));
        assertThat(sentPriorities).containsExactly(0, 0);
        assertThat(duty.routers().get(0).state()).isEqualTo(State.FAULT);
        duty.setSyncLoopAlive(true, ms(6000));
        assertThat(duty.routers().get(0).state()).isEqualTo(State.BACKUP);
    }

    @Test
    void aRouterThatLostWhatItHoldsResigns() {
        duty.start(0);
        runUntilActive();
        sentPriorities.clear();
        fromSync.offer(new ToVrrp.HoldingLost("E61", "10.15.7.100/24 was removed"));
        duty.doWork(ms(5000));
        assertThat(sentPriorities).startsWith(0).doesNotContain(100);
        assertThat(duty.routers().get(0).state()).isEqualTo(State.BACKUP);
        assertThat(duty.routers().get(1).state()).isEqualTo(State.BACKUP);
    }

    @Test
    void aLinkThatIsDownBeforeTheStartMeansFault() {
        fromSync.offer(new ToVrrp.LinkChanged("eth1", false));
        duty.start(0);
        assertThat(nextRole().role()).isEqualTo(Role.FAULT);
        fromSync.offer(new ToVrrp.LinkChanged("eth1", true));
        duty.doWork(ms(1));
        assertThat(nextRole().role()).isEqualTo(Role.BACKUP);
    }

    @Test
    void aFullQueueToTheSyncLoopCostsTheRoleAndComesBackWhenItDrains() {
        for (int i = 0; i < 8; i++) {
            toSync.offer(new ToSync.Note("stuffing"));
        }
        duty.start(0);
        assertThat(duty.routers().get(0).state()).isEqualTo(State.FAULT);
        assertThat(toSync.timesFull()).isPositive();
        while (toSync.poll() != null) {
            // the sync loop lives again
        }
        duty.doWork(ms(20));
        duty.doWork(ms(40));
        assertThat(duty.routers().get(0).state()).isEqualTo(State.BACKUP);
    }

    @Test
    void tellsEveryChangeOfARouterBeforeThatOfItsGroup() {
        duty.start(0);
        assertThat(reports())
                .extracting(NodeEvent::text)
                .containsExactly("E61: INITIALIZE -> BACKUP (started)", "I61: INITIALIZE -> BACKUP (started)");
        fromSync.offer(new ToVrrp.LinkChanged("eth0", false));
        duty.doWork(ms(1));
        assertThat(reports())
                .extracting(event -> ((RouterChanged) event).reason())
                .containsExactly(TransitionReason.FAULT, TransitionReason.GROUP);
    }

    @Test
    void aTrackedScriptThatFailsFaultsTheGroupThatNeedsIt() {
        Tracked script = new Tracked(Tracked.Kind.SCRIPT, "check");
        VrrpGroup group = Groups.reference(100);
        VirtualRouterConfig tracking =
                group.routers().get(0).toBuilder().track(Track.required(script)).build();
        VrrpDuty tracked = new VrrpDuty(
                List.of(group.with(tracking)),
                router -> IpAddress.parse("10.15.7.101"),
                false,
                (router, advert) -> {},
                toSync,
                fromSync);
        tracked.start(0);
        assertThat(nextRole().role()).as("nothing is known yet").isEqualTo(Role.FAULT);
        fromSync.offer(new ToVrrp.TrackChanged(script, TrackValue.UP));
        tracked.doWork(ms(1));
        assertThat(nextRole().role()).isEqualTo(Role.BACKUP);
        fromSync.offer(new ToVrrp.TrackChanged(script, TrackValue.DOWN));
        tracked.doWork(ms(2));
        assertThat(nextRole().role()).isEqualTo(Role.FAULT);
    }

    @Test
    void carriesOutOrdersAndAnswersThem() {
        duty.start(0);
        runUntilActive();
        assertThat(order(new VrrpOrder.SetPriority("E61", 50))).isNull();
        assertThat(duty.routers().get(0).priority()).isEqualTo(50);
        assertThat(order(new VrrpOrder.SetPriority("E61", 255))).contains("must be 1 to 254");
        assertThat(order(new VrrpOrder.Pause("nowhere"))).isEqualTo("there is no group nowhere");
        assertThat(order(new VrrpOrder.Pause("G1"))).isNull();
        assertThat(duty.routers().get(1).state()).isEqualTo(State.FAULT);
        assertThat(order(new VrrpOrder.Resume("G1"))).isNull();
        assertThat(duty.routers().get(1).state()).isEqualTo(State.BACKUP);
        VirtualAddress more = VirtualAddress.parse("10.15.7.177/24", "eth0");
        assertThat(order(new VrrpOrder.AddAddress("E61", more, true))).isNull();
        assertThat(duty.routers().get(0).config().addresses()).contains(more);
        assertThat(order(new VrrpOrder.AddAddress("E61", more, false))).contains("already");
        assertThat(order(new VrrpOrder.RemoveAddress("E61", more.address()))).isNull();
        assertThat(duty.routers().get(0).config().allAddresses()).doesNotContain(more);
        assertThat(order(new VrrpOrder.RemoveAddress("E61", more.address()))).contains("has no address");
    }

    @Test
    void theSocketsFollowAConfigurationAndGoBackWithOneThatCouldNotBeToldToTheSyncLoop() {
        List<Integer> told = new ArrayList<>();
        AdvertSink sockets = new AdvertSink() {
            @Override
            public void send(VirtualRouter router, Advertisement advert) {}

            @Override
            public void configured(VirtualRouter router) {
                told.add(router.config().intervalCentis());
            }
        };
        VrrpGroup group = Groups.reference(100);
        VrrpDuty other = new VrrpDuty(
                List.of(group), router -> IpAddress.parse("10.15.7.101"), false, sockets, toSync, fromSync);
        VirtualRouterConfig changed = group.routers().get(0).toBuilder()
                .interval(Duration.ofSeconds(2))
                .build();
        for (int i = 0; i < 8; i++) {
            toSync.offer(new ToSync.Note("stuffing"));
        }
        fromSync.offer(new ToVrrp.Ordered(7, new VrrpOrder.Configure(changed)));
        other.doWork(0);
        assertThat(told).containsExactly(200, 100);
        while (toSync.poll() != null) {
            // the sync loop lives again
        }
        fromSync.offer(new ToVrrp.Ordered(8, new VrrpOrder.Configure(changed)));
        other.doWork(1);
        assertThat(told).containsExactly(200, 100, 200);
    }

    private @Nullable String order(VrrpOrder order) {
        fromSync.offer(new ToVrrp.Ordered(7, order));
        duty.doWork(now);
        for (ToSync message = toSync.poll(); message != null; message = toSync.poll()) {
            if (message instanceof ToSync.Answer answer) {
                assertThat(answer.number()).isEqualTo(7);
                return answer.failure();
            }
        }
        throw new AssertionError("no answer");
    }

    private List<NodeEvent> reports() {
        List<NodeEvent> events = new ArrayList<>();
        for (ToSync message = toSync.poll(); message != null; message = toSync.poll()) {
            if (message instanceof ToSync.Report report) {
                events.add(report.event());
            }
        }
        return events;
    }

    private ToSync.RoleChange nextRole() {
        for (ToSync message = toSync.poll(); message != null; message = toSync.poll()) {
            if (message instanceof ToSync.RoleChange change) {
                return change;
            }
        }
        throw new AssertionError("no change of role");
    }

    private void runUntilActive() {
        while (duty.routers().get(1).state() != State.ACTIVE) {
            now = Math.max(now + 1, duty.nextDeadline());
            duty.doWork(now);
        }
    }
}
