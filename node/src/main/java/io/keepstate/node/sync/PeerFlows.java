// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Applied;
import io.keepstate.flow.FlowKey;
import io.keepstate.node.takeover.StateTransfer.CommitDone;
import io.netty.buffer.ByteBuf;
import java.util.Map;

/** The peer's flows on their way into our kernel: kept in a cache until somebody takes over, or put there at once. */
interface PeerFlows {
    /** Takes one message of the peer about a flow; the answer says what became of it. */
    Applied onMessage(int type, ByteBuf payload, long nowNanos);

    /** Entries that are kept. */
    int size();

    /** Flows that commits put into the kernel, since the start. */
    long committed();

    /** Flows that the kernel refused, by reason, since the start. */
    Map<String, Long> refusals();

    /** Whether everything the peer told is in the kernel; never where it is kept until a commit. */
    boolean areInKernel();

    /** Whether the peer should be asked for everything, since there is room for what found none; not twice in a row. */
    boolean isEverythingWanted(long nowNanos);

    /** Everything was asked for: what the peer does not renew from now on it has no more. */
    void resyncAsked(long nowNanos);

    /** Puts what is kept into the kernel; false when one is under way, which then answers for both. */
    boolean commit(CommitDone done);

    /** Whether a commit is under way. */
    boolean isCommitting();

    /** Ends a commit early. */
    void stopCommit();

    /** Forgets what is kept; the kernel keeps what it has. */
    void flush();

    /**
     * This node's own flows wait to be purged from now on, or do not any more: what the peer tells meanwhile must stay in the
     * kernel, if it is put there at once.
     */
    void purgeAwaited(boolean awaited);

    /** Whether a purge must leave this flow, since the peer told of it and nothing but the kernel has it. */
    boolean isKernelsOnly(FlowKey key);

    /** The kernel's table was purged; true when flows of the peer were in it that are gone, too. */
    boolean onKernelPurged();

    /** What is due. */
    void doWork(long nowNanos);

    /** When to call {@link #doWork} at the latest. */
    long nextDeadline();
}
