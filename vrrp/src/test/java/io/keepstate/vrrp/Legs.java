// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.util.List;

/** A sync group of two legs, E1 on eth0 and I1 on eth1, with a clock that the test moves. */
final class Legs {

    final Recorder recorder = new Recorder();
    final VirtualRouter e1;
    final VirtualRouter i1;
    final SyncGroup group;
    long now = Bench.START;

    Legs(SyncGroupRules rules, int priority) {
        e1 = router("E1", "eth0", 61, priority);
        i1 = router("I1", "eth1", 62, priority);
        group = new SyncGroup("G1", List.of(e1, i1), rules, recorder);
    }

    /** Priority 100, started. */
    static Legs backup(LegResignation resignation) {
        Legs legs = new Legs(SyncGroupRules.DEFAULT.withResignation(resignation), 100);
        legs.group.start(legs.now);
        legs.recorder.clear();
        return legs;
    }

    static Legs active() {
        Legs legs = backup(LegResignation.SILENT_LEGS);
        legs.until(State.ACTIVE);
        legs.recorder.clear();
        return legs;
    }

    VirtualRouter router(String name, String interfaceName, int virtualRouterId, int priority) {
        VirtualRouterConfig config = VirtualRouterConfig.builder(name, interfaceName)
                .version(Version.V3)
                .virtualRouterId(virtualRouterId)
                .priority(priority)
                .address("192.0.2.100/24")
                .build();
        return new VirtualRouter(config, Bench.OURS, recorder);
    }

    void hear(VirtualRouter router, int priority, IpAddress source) {
        VirtualRouterConfig config = router.config();
        router.onAdvertisement(
                new Advertisement(
                        Version.V3,
                        config.virtualRouterId(),
                        priority,
                        100,
                        config.advertisedAddresses(),
                        Authentication.NONE,
                        ChecksumForm.PSEUDO_HEADER),
                source,
                now);
    }

    /** Lets time pass, and all timers fire at their time. */
    void pass(long nanos) {
        long end = now + nanos;
        while (group.nextDeadline() <= end) {
            now = group.nextDeadline();
            group.advance(now);
        }
        now = end;
    }

    /** Lets timers fire until the group has this state. */
    void until(State state) {
        for (int i = 0; group.state() != state; i++) {
            assertThat(i).as("timers fired").isLessThan(100);
            now = group.nextDeadline();
            group.advance(now);
        }
    }
}
