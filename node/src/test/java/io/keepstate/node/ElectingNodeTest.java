// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static io.keepstate.node.Milliseconds.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.Role;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.vrrp.TransitionReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sync side of a node that has no state to synchronise, and rests while nothing is asked of it. */
class ElectingNodeTest {
    private static final int QUEUE_SIZE = 4;

    private final BoundedQueue<ToSync> fromVrrp = new BoundedQueue<>(QUEUE_SIZE, () -> {});
    private final BoundedQueue<ToVrrp> toVrrp = new BoundedQueue<>(QUEUE_SIZE, () -> {});
    private final List<String> work = new ArrayList<>();
    private final SyncDuty duty = new SyncDuty(
            NodeConfiguration.of(List.of(Groups.reference(100))),
            null,
            new RecordingAddresses(),
            address -> work.add("announce"),
            fromVrrp,
            toVrrp,
            event -> {},
            0);

    @Test
    void itHasNothingToDoUntilItIsTold() {
        duty.start(0);
        duty.doWork(0);
        assertThat(duty.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        becomes(Role.ACTIVE, 1_000);
        assertThat(duty.nextDeadline()).isLessThanOrEqualTo(ms(1_000));
        duty.doWork(ms(1_000));
        assertThat(work).startsWith("down", "up", "announce");
    }

    @Test
    void theSecondBurstOfAnnouncementsComesInItsTime() {
        duty.start(0);
        becomes(Role.ACTIVE, 0);
        // The takeover and its announcements are turns of their own.
        for (int turn = 0; turn < 4; turn++) {
            duty.doWork(0);
        }
        int announced = work.size();
        long next = duty.nextDeadline();
        assertThat(next).isGreaterThan(0).isLessThan(Long.MAX_VALUE);
        duty.doWork(next - 1);
        assertThat(work).hasSize(announced);
        duty.doWork(next);
        assertThat(work.size()).isGreaterThan(announced);
    }

    @Test
    void whatFoundNoRoomInTheQueueIsToldLater() {
        duty.start(0);
        duty.doWork(0);
        for (int i = 0; i <= QUEUE_SIZE; i++) {
            duty.elections().onLink("eth0", i % 2 == 0);
        }
        for (int i = 0; i < QUEUE_SIZE; i++) {
            assertThat(toVrrp.poll()).isNotNull();
        }
        assertThat(toVrrp.poll()).isNull();
        // Turns that come more often than it would try again by itself.
        duty.doWork(ms(1));
        assertThat(toVrrp.poll()).isEqualTo(new ToVrrp.LinkChanged("eth0", true));
    }

    private void becomes(Role role, long atMillis) {
        fromVrrp.offer(new ToSync.RoleChange("G1", role, TransitionReason.STARTUP, "test", 1, ms(atMillis)));
    }

    private final class RecordingAddresses implements Addresses {
        @Override
        public void up(VrrpGroup group, Completion done) {
            work.add("up");
            done.done(null);
        }

        @Override
        public void down(VrrpGroup group, Completion done) {
            work.add("down");
            done.done(null);
        }
    }
}
