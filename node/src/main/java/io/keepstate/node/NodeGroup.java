// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.vrrp.FaultCause;
import io.keepstate.vrrp.SyncGroup;
import org.jspecify.annotations.Nullable;

/**
 * A group on the VRRP loop, and what the sync loop does not know yet about its role. A role that cannot be told must not be
 * kept: nobody would move the addresses.
 */
final class NodeGroup {
    private static final FaultCause SYNC_LOOP = new FaultCause(FaultCause.Kind.APPLICATION, "sync loop");
    private static final long RETRY_NANOS = 10_000_000;

    private final SyncGroup group;
    private final BoundedQueue<ToSync> toSync;
    private ToSync.@Nullable RoleChange untold;
    private boolean stuck;

    NodeGroup(SyncGroup group, BoundedQueue<ToSync> toSync) {
        this.group = group;
        this.toSync = toSync;
    }

    SyncGroup group() {
        return group;
    }

    /**
     * Its role is another one. Told only by the next {@link #tell}: that may fail, and then the group must be changed again,
     * which no effect may do.
     */
    void changed(ToSync.RoleChange news) {
        untold = news;
    }

    /**
     * Tells the newest role; if that is impossible an active group must not stay active.
     *
     * @param started whether the elections of the node have begun, and not ended
     */
    void tell(long nowNanos, boolean started) {
        ToSync.RoleChange news = untold;
        if (news == null) {
            return;
        }
        if (toSync.offer(news)) {
            untold = null;
            if (stuck) {
                stuck = false;
                group.clearFault(SYNC_LOOP, nowNanos);
            }
        } else if (started && !stuck) {
            stuck = true;
            group.fault(SYNC_LOOP, nowNanos);
        }
    }

    /** When its timers or its news are due; what an advert has just set off is told at once, what found no room later. */
    long nextDeadline(long nowNanos, boolean started) {
        long timers = group.nextDeadline();
        if (untold == null) {
            return timers;
        }
        return Math.min(timers, stuck || !started ? nowNanos + RETRY_NANOS : nowNanos);
    }
}
