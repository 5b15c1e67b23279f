// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import org.jspecify.annotations.Nullable;

/** One write on its way through a pipeline: what was asked for and how far it got. */
final class PendingWrite {
    /** The request that comes next. */
    enum Step {
        CREATE,
        LOOK_BY_ORIGINAL,
        LOOK_BY_REPLY,
        UPDATE_FOUND,
        DELETE_FOUND,
        DELETE
    }

    final long tag;
    final Flow submitted;
    final long timeoutSeconds;
    Step step;
    /** The flow as the next request writes it: the submitted one, less what the kernel refused. */
    Flow flow;
    /** The entry in the way, for the steps that act on it. */
    @Nullable
    Flow found;

    int attempts;
    boolean replacing;
    boolean deferred;

    // What the kernel answered to the last request.
    int errno;

    @Nullable
    Flow answer;

    PendingWrite(long tag, Flow flow, long timeoutSeconds, Step step) {
        this.tag = tag;
        this.submitted = flow;
        this.flow = flow;
        this.timeoutSeconds = timeoutSeconds;
        this.step = step;
    }

    /** The entry in the way, to be deleted: its tuple, zone and id. */
    Flow victim() {
        Flow entry = found;
        if (entry == null) {
            throw new IllegalStateException("step " + step + " without an entry found");
        }
        return entry;
    }

    int currentStatus() {
        return victim().status();
    }

    /**
     * What the entry found becomes. A connection does not go back to its handshake: a copy that says so is an old one,
     * of a connection that this kernel has carried since.
     */
    Flow update() {
        Attribute state = ProtocolPhase.state(flow.original().protocol());
        if (state == null || phase(victim()) != ProtocolPhase.CARRIED || phase(flow) != ProtocolPhase.HANDSHAKE) {
            return flow;
        }
        return flow.toBuilder().set(state, victim().get(state)).build();
    }

    /**
     * Never less than the entry found still has: an idle connection that this kernel carries must not end for a copy.
     * Unless the copy says that it ends.
     */
    long updateTimeoutSeconds() {
        boolean ends = phase(flow) == ProtocolPhase.ENDING && phase(victim()) != ProtocolPhase.ENDING;
        return ends ? timeoutSeconds : Math.max(timeoutSeconds, victim().timeoutSeconds());
    }

    /** The entry found gives way to one that says what it would say after the update. */
    void takeOverFound() {
        Flow updated = update();
        flow = updated.toBuilder().status(updated.status() | currentStatus()).build();
    }

    private static ProtocolPhase phase(Flow of) {
        return ProtocolPhase.of(of);
    }

    void dropHelper() {
        flow = flow.toBuilder().helper(null).build();
    }

    void dropLabels() {
        flow = flow.toBuilder().labels(null).build();
    }
}
