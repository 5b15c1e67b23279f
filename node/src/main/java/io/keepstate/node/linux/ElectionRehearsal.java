// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.node.BoundedQueue;
import io.keepstate.node.SyncDuty;
import io.keepstate.node.ToSync;
import io.keepstate.node.ToVrrp;
import io.keepstate.node.VrrpDuty;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds elections before there are any: a backup's first one is also its most important one, and what a Java machine does
 * for the first time takes it milliseconds. A node without sockets and addresses wins and loses the role of the first
 * group, in a time of its own. Nothing of it is kept.
 */
final class ElectionRehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNode.class);
    private static final int QUEUE_SIZE = 1024;
    private static final int TURNS = 4;
    private static final IpAddress OWN_IPV4 = IpAddress.parse("192.0.2.1");
    private static final IpAddress OTHER_IPV4 = IpAddress.parse("192.0.2.2");
    private static final IpAddress OWN_IPV6 = IpAddress.parse("fe80::1");
    private static final IpAddress OTHER_IPV6 = IpAddress.parse("fe80::2");

    private final VrrpDuty elections;
    private final SyncDuty sync;
    private long now;
    private long events;

    private ElectionRehearsal(NodeConfiguration configuration) {
        VrrpGroup group = configuration.groups().get(0);
        BoundedQueue<ToSync> toSync = new BoundedQueue<>(QUEUE_SIZE, () -> {});
        BoundedQueue<ToVrrp> toVrrp = new BoundedQueue<>(QUEUE_SIZE, () -> {});
        elections = new VrrpDuty(
                List.of(group),
                router -> router.family() == AddressFamily.IPV4 ? OWN_IPV4 : OWN_IPV6,
                false,
                (router, advertisement) -> {},
                toSync,
                toVrrp);
        sync = new SyncDuty(
                new NodeConfiguration(List.of(group), Optional.empty(), configuration.takeover()),
                null,
                new Nowhere(),
                address -> {},
                toSync,
                toVrrp,
                event -> events += event.text().length(),
                0);
    }

    /** Rehearses for at most about this long; answers how many elections were won. */
    static int run(NodeConfiguration configuration, Duration budget) {
        long end = System.nanoTime() + budget.toNanos();
        int won = 0;
        try {
            ElectionRehearsal rehearsal = new ElectionRehearsal(configuration);
            rehearsal.elections.start(0);
            while (System.nanoTime() < end && rehearsal.elect()) {
                won++;
            }
        } catch (RuntimeException e) {
            // It is only a rehearsal: what fails here will say so when it matters.
            LOG.warn("the rehearsal of elections failed; the node starts with cold code", e);
        }
        LOG.debug("rehearsed {} elections", won);
        return won;
    }

    /** Waits for the role, keeps it for some advertisements, and loses it; false if it cannot be had. */
    private boolean elect() {
        boolean active = false;
        for (int turn = 0; turn < TURNS; turn++) {
            long next = elections.nextDeadline();
            if (next == Long.MAX_VALUE) {
                break;
            }
            now = Math.max(now, next);
            work();
            active |= elections.routers().stream().allMatch(router -> router.activePriority() == router.priority());
        }
        for (VirtualRouter router : elections.routers()) {
            Advertisement ours = router.advertisements().get(0);
            Advertisement better = new Advertisement(
                    ours.version(),
                    ours.virtualRouterId(),
                    Advertisement.PRIORITY_OWNER,
                    ours.intervalCentis(),
                    ours.addresses(),
                    ours.authentication(),
                    ours.checksumForm());
            router.onAdvertisement(better, ours.family() == AddressFamily.IPV4 ? OTHER_IPV4 : OTHER_IPV6, now);
        }
        work();
        return active;
    }

    private void work() {
        int unused = elections.doWork(now) + sync.doWork(now);
    }

    /** Addresses that go up nowhere. */
    private static final class Nowhere implements Addresses {
        @Override
        public void up(VrrpGroup group, Completion done) {
            done.done(null);
        }

        @Override
        public void down(VrrpGroup group, Completion done) {
            done.done(null);
        }
    }
}
