// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static io.keepstate.node.Milliseconds.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.node.event.Role;
import io.keepstate.node.port.Waker;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VrrpDutyTest {
    private final List<Integer> sentPriorities = new ArrayList<>();
    private final BoundedQueue<ToSync> toSync = new BoundedQueue<>(8, Waker.NONE);
    private final BoundedQueue<ToVrrp> fromSync = new BoundedQueue<>(8, Waker.NONE);
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
        assertThat(toSync.poll()).isInstanceOfSatisfying(ToSync.RoleChange.class, change -> {
            assertThat(change.role()).isEqualTo(Role.BACKUP);
            assertThat(change.holdNumber()).isEqualTo(1);
        });
        runUntilActive();
        assertThat(sentPriorities).containsExactly(100, 100);
        assertThat(toSync.poll())
                .isInstanceOfSatisfying(
                        ToSync.RoleChange.class,
                        change -> assertThat(change.role()).isEqualTo(Role.ACTIVE));
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
    void aLinkThatIsDownBeforeTheStartMeansFault() {
        fromSync.offer(new ToVrrp.LinkChanged("eth1", false));
        duty.start(0);
        assertThat(toSync.poll())
                .isInstanceOfSatisfying(
                        ToSync.RoleChange.class,
                        change -> assertThat(change.role()).isEqualTo(Role.FAULT));
        fromSync.offer(new ToVrrp.LinkChanged("eth1", true));
        duty.doWork(ms(1));
        assertThat(toSync.poll())
                .isInstanceOfSatisfying(
                        ToSync.RoleChange.class,
                        change -> assertThat(change.role()).isEqualTo(Role.BACKUP));
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

    private void runUntilActive() {
        long now = 0;
        while (duty.routers().get(1).state() != State.ACTIVE) {
            now = Math.max(now + 1, duty.nextDeadline());
            duty.doWork(now);
        }
    }
}
