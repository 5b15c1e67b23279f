// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.Version;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In steady state the loop of a virtual router gives the collector nothing to do. */
class AllocationTest {

    private static final int ROUNDS = 20_000;
    /** What the measurement itself may cost, and classes that are loaded late. */
    private static final long SLACK_OCTETS = 20_000;

    private long now = Bench.START;
    private long sent;

    @Test
    void an_active_group_advertises_without_allocating() {
        SyncGroup group = group(VirtualRouterConfig.builder("E1", "eth0"));
        assertThat(allocatedBy(() -> {
                    now = group.nextDeadline();
                    group.advance(now);
                }))
                .isLessThan(SLACK_OCTETS);
        assertThat(group.state()).isEqualTo(State.ACTIVE);
        assertThat(sent).isGreaterThan(ROUNDS);
    }

    @Test
    void a_backup_hears_the_same_advertisement_again_without_allocating() {
        SyncGroup group = group(VirtualRouterConfig.builder("E1", "eth0"));
        hearing(group, 200);
        assertThat(group.state()).isEqualTo(State.BACKUP);
    }

    @Test
    void nor_if_it_leaves_an_active_router_of_lower_priority_alone() {
        SyncGroup group = group(VirtualRouterConfig.builder("E1", "eth0"));
        group.setPreemptionHold(true);
        hearing(group, 50);
        assertThat(group.state()).isEqualTo(State.BACKUP);
    }

    private void hearing(SyncGroup group, int priority) {
        VirtualRouter router = group.members().get(0);
        VirtualRouterConfig config = router.config();
        Advertisement heard = new Advertisement(
                Version.V3,
                51,
                priority,
                10,
                List.copyOf(config.advertisedAddresses()),
                Authentication.NONE,
                ChecksumForm.PSEUDO_HEADER);
        assertThat(allocatedBy(() -> {
                    now += 100 * Bench.MILLI;
                    router.onAdvertisement(heard, Bench.HIGHER, now);
                    group.advance(now);
                }))
                .isLessThan(SLACK_OCTETS);
    }

    private SyncGroup group(VirtualRouterConfigBuilder config) {
        VirtualRouterConfig built = config.version(Version.V3)
                .virtualRouterId(51)
                .interval(Duration.ofMillis(100))
                .address("192.0.2.100")
                .address("192.0.2.101")
                .build();
        VirtualRouter router = new VirtualRouter(built, Bench.OURS, this::take);
        SyncGroup group = new SyncGroup("G1", List.of(router), this::take);
        group.start(now);
        return group;
    }

    private void take(Effect effect) {
        if (effect instanceof Effect.SendAdvertisement) {
            sent++;
        }
    }

    private static long allocatedBy(Runnable round) {
        assumeTrue(
                ManagementFactory.getThreadMXBean() instanceof ThreadMXBean,
                "this Java machine does not say what a thread allocates");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
