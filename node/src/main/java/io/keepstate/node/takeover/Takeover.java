// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.takeover;

import io.keepstate.node.config.StepPolicy;
import io.keepstate.node.config.TakeoverPolicy;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.HandoverEvent;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.event.TakeoverEvent;
import io.keepstate.node.event.TakeoverStep;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.vrrp.AnnouncementPacer;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * State first, address second. When a group is elected its adverts already flow; this sequence brings the rest, in order,
 * each step awaited and bounded:
 *
 * <pre>commit, addresses up, announce, resync from the kernel, flush the external cache, bulk to the standby</pre>
 *
 * When the role is lost it runs the mirror image: the announcements stop and the addresses go down first of all.
 *
 * <p>A step that fails or is late has a reason and a {@link StepPolicy}: go on, or give the role away. Every step begins in
 * {@link #doWork}, never inside an answer, so that times are true and ports may answer inside the call. Answers that come
 * after the sequence moved on are recognised by their number and ignored.
 *
 * <p>Not thread-safe: the sync loop owns it.
 */
public final class Takeover {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private VrrpGroup group;
    private final TakeoverPolicy policy;
    private final StateTransfer state;
    private final Addresses addresses;
    private final GroupAnnouncements announcements;
    private final NodeListener listener;
    private final BiConsumer<String, String> giveUp;

    private @Nullable TakeoverStep step;
    private long electedAt;
    private long stepBegan;
    private long deadline = Long.MAX_VALUE;
    /** Numbers the steps, so that a late answer is told from the one awaited. */
    private int stepNumber;

    private boolean answered;
    private @Nullable String failure;
    private boolean commitRunning;
    /** The commit ended after its deadline: the addresses did not wait for it, the resync does. */
    private boolean lateCommit;

    private int commitNumber;
    private int committed;
    private int refused;
    private boolean addressesHeld;
    private boolean flushExternal;
    private long now;

    /**
     * The sequence of one group.
     *
     * @param giveUp told group and reason when the role must be given away
     */
    public Takeover(
            VrrpGroup group,
            TakeoverPolicy policy,
            StateTransfer state,
            Addresses addresses,
            AnnouncementPacer announcer,
            NodeListener listener,
            BiConsumer<String, String> giveUp) {
        this.group = group;
        this.policy = policy;
        this.state = state;
        this.addresses = addresses;
        this.announcements = new GroupAnnouncements(group, announcer);
        this.listener = listener;
        this.giveUp = giveUp;
    }

    /** Whether the sequence is running. */
    public boolean running() {
        return step != null;
    }

    /** Whether its commit is under way, be it late. */
    public boolean committing() {
        return commitRunning;
    }

    /**
     * The group is elected and advertises.
     *
     * @param otherGroups whether this node has other groups: then the external cache holds flows of groups that the peer
     *     serves, and is not flushed
     */
    public void begin(boolean otherGroups, long electedAtNanos, long nowNanos) {
        electedAt = electedAtNanos;
        flushExternal = !otherGroups;
        lateCommit = false;
        if (state.present()) {
            enter(TakeoverStep.COMMIT, policy.commit(), nowNanos);
            beginCommit();
        } else {
            beginAddresses(nowNanos);
        }
    }

    /** The role is gone: addresses down, whatever was going on. */
    public void lose(long nowNanos) {
        now = nowNanos;
        announcements.stop();
        if (step != null) {
            listener.on(new TakeoverEvent.Abandoned(group.name(), step));
            leave();
        }
        if (commitRunning) {
            commitRunning = false;
            commitNumber++;
            state.stopCommit();
        }
        if (addressesHeld) {
            addressesHeld = false;
            addresses.down(group, error -> listener.on(new HandoverEvent(group.name(), millis(now - nowNanos), error)));
        }
    }

    /**
     * A router of the group has another configuration. What is held follows at once: addresses that are no longer in it go
     * down, new ones go up and all are announced.
     */
    public void configure(VirtualRouterConfig router, long nowNanos) {
        group = group.with(router);
        if (addressesHeld) {
            addresses.up(group, this::reportChange);
        }
        announcements.configure(group, nowNanos);
    }

    /**
     * The group has other members, or another order, and keeps its role: what those that left hold goes down, what those that
     * came are to hold goes up if the others' is up, and nothing else moves.
     */
    public void regroup(VrrpGroup changed, long nowNanos) {
        List<VirtualRouterConfig> gone = missingFrom(changed, group);
        List<VirtualRouterConfig> fresh = missingFrom(group, changed);
        group = changed;
        // Also of those that come: an earlier process may have left something.
        for (List<VirtualRouterConfig> routers :
                List.of(gone, addressesHeld ? List.<VirtualRouterConfig>of() : fresh)) {
            if (!routers.isEmpty()) {
                addresses.down(new VrrpGroup(changed.name(), routers, changed.rules()), this::reportChange);
            }
        }
        if (addressesHeld) {
            addresses.up(changed, this::reportChange);
        }
        announcements.configure(changed, nowNanos);
    }

    private static List<VirtualRouterConfig> missingFrom(VrrpGroup some, VrrpGroup others) {
        List<String> names = some.names();
        return others.routers().stream()
                .filter(router -> !names.contains(router.name()))
                .toList();
    }

    private void reportChange(@Nullable String error) {
        if (error != null) {
            listener.on(SyncEvent.warning(group.name() + ": addresses could not be changed: " + error));
        }
    }

    /** Removes the addresses without the group having held them: what an earlier process that died left behind. */
    public void removeLeftovers(Completion done) {
        addresses.down(group, done);
    }

    /** Another router spoke up while we are active. */
    public void announceAgain(long nowNanos) {
        announcements.again(nowNanos);
    }

    /** Moves on where an answer came or a deadline passed. */
    public void doWork(long nowNanos) {
        now = nowNanos;
        announcements.advance(nowNanos);
        TakeoverStep current = step;
        if (current == null) {
            return;
        }
        if (lateCommit) {
            lateCommit = false;
            reportCommit(sinceElection(nowNanos));
            if (current == TakeoverStep.RESYNC) {
                state.resyncFromKernel(answer());
            }
        }
        if (answered) {
            end(current, failure, nowNanos);
        } else if (nowNanos >= deadline) {
            end(current, "not done after " + millis(nowNanos - stepBegan) + " ms", nowNanos);
        }
    }

    /** When {@link #doWork} has something to do; in the past for at once. */
    public long nextDeadline() {
        long own = answered || lateCommit ? stepBegan : deadline;
        return Math.min(step == null ? Long.MAX_VALUE : own, announcements.nextDeadline());
    }

    private void end(TakeoverStep ended, @Nullable String missed, long nowNanos) {
        if (ended == TakeoverStep.COMMIT && answered) {
            reportCommit(nowNanos - stepBegan);
        }
        if (ended == TakeoverStep.ADDRESSES && missed == null) {
            listener.on(new TakeoverEvent.AddressesUp(group.name(), millis(sinceElection(nowNanos))));
        }
        if (missed != null) {
            boolean fault = policyOf(ended).onMiss() == StepPolicy.OnMiss.FAULT;
            listener.on(new TakeoverEvent.StepMissed(group.name(), ended, missed, fault));
            if (fault) {
                leave();
                giveUp.accept(group.name(), ended.text() + ": " + missed);
                return;
            }
        }
        next(ended, nowNanos);
    }

    private void next(TakeoverStep ended, long nowNanos) {
        switch (ended) {
            case COMMIT -> beginAddresses(nowNanos);
            case ADDRESSES -> {
                announcements.start(nowNanos);
                beginResync(nowNanos);
            }
            case RESYNC -> {
                state.stopCommit();
                if (flushExternal) {
                    // From here on the kernel holds what the peer had told us: the cache would only grow stale.
                    state.flushExternal();
                }
                // Not awaited: a peer that is dead takes nothing, and nobody should wait for it.
                state.bulk();
                leave();
                listener.on(new TakeoverEvent.Completed(group.name(), millis(sinceElection(nowNanos))));
            }
        }
    }

    private void beginCommit() {
        commitRunning = true;
        int run = ++commitNumber;
        int number = stepNumber;
        state.commit((flows, notTaken) -> {
            if (run != commitNumber) {
                return;
            }
            commitRunning = false;
            committed = flows;
            refused = notTaken;
            if (number == stepNumber) {
                answered = true;
            } else {
                lateCommit = true;
            }
        });
    }

    private void beginAddresses(long nowNanos) {
        enter(TakeoverStep.ADDRESSES, policy.addresses(), nowNanos);
        addressesHeld = true;
        addresses.up(group, answer());
    }

    private void beginResync(long nowNanos) {
        enter(TakeoverStep.RESYNC, policy.resync(), nowNanos);
        if (!commitRunning) {
            state.resyncFromKernel(answer());
        }
    }

    private void enter(TakeoverStep next, StepPolicy bound, long nowNanos) {
        step = next;
        stepNumber++;
        stepBegan = nowNanos;
        deadline = nowNanos + bound.deadline().toNanos();
        answered = false;
        failure = null;
    }

    private void leave() {
        step = null;
        stepNumber++;
        answered = false;
        deadline = Long.MAX_VALUE;
    }

    private Completion answer() {
        int number = stepNumber;
        return error -> {
            if (number == stepNumber) {
                answered = true;
                failure = error;
            }
        };
    }

    private void reportCommit(long nanos) {
        listener.on(new TakeoverEvent.Committed(group.name(), committed, refused, millis(nanos)));
    }

    private StepPolicy policyOf(TakeoverStep of) {
        return switch (of) {
            case COMMIT -> policy.commit();
            case ADDRESSES -> policy.addresses();
            case RESYNC -> policy.resync();
        };
    }

    /** The turn that is told of an election may have begun before it, where this loop stood still meanwhile. */
    private long sinceElection(long nowNanos) {
        return Math.max(0, nowNanos - electedAt);
    }

    private static long millis(long nanos) {
        return nanos / NANOS_PER_MILLI;
    }
}
