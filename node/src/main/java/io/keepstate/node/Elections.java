// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.port.Completion;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The elections as the sync loop talks to them: it tells what it notices (links, addresses, what is tracked, what was
 * lost) and passes orders on, whose answers come back later. A node without groups has no VRRP loop, so nothing is told.
 *
 * <p>Not thread-safe: belongs to the sync loop, as the {@link SyncDuty} whose part it is.
 */
public final class Elections {
    private final BooleanSupplier absent;
    private final NodeListener listener;
    private final VrrpOutbox outbox;
    private final PendingOrders orders = new PendingOrders();

    /**
     * Elections that were told nothing yet.
     *
     * @param absent whether there is nothing to be elected for
     * @param dead run when the VRRP loop takes no messages any more
     */
    Elections(BoundedQueue<ToVrrp> toVrrp, BooleanSupplier absent, Runnable dead, NodeListener listener) {
        this.absent = absent;
        this.listener = listener;
        this.outbox = new VrrpOutbox(toVrrp, dead);
    }

    /** The link of an interface changed; groups that depend on it fault or recover. */
    public void onLink(String interfaceName, boolean up) {
        tell(new ToVrrp.LinkChanged(interfaceName, up));
    }

    /** An interface was deleted and made again under the same name. */
    public void onInterfaceReplaced(String interfaceName) {
        tell(new ToVrrp.InterfaceReplaced(interfaceName));
    }

    /** The address that a virtual router advertises from changed; empty when there is none. */
    public void onSource(String router, Optional<IpAddress> source) {
        tell(new ToVrrp.SourceChanged(router, source));
    }

    /** Something is known of a tracked script, file or process. */
    public void onTracked(Tracked what, TrackValue value) {
        tell(new ToVrrp.TrackChanged(what, value));
    }

    /**
     * Somebody took away what an active router holds: it resigns, and may be elected again after its skew time.
     *
     * @param what what is gone and why, for people
     */
    public void onLost(String router, String what) {
        listener.on(SyncEvent.warning(router + ": " + what));
        tell(new ToVrrp.HoldingLost(router, what));
    }

    /** Parts of the sync loop keep failing, or work again; a node that cannot follow the flows must not be active. */
    public void onHealth(boolean healthy, String reason) {
        tell(new ToVrrp.Health(healthy, reason));
    }

    /** Passes an order on; the answer comes on this loop. */
    public void order(VrrpOrder order, Completion done) {
        if (absent.getAsBoolean()) {
            done.done("this node has no virtual routers");
        } else if (orders.isFull()) {
            done.done("too many orders are waiting; try again");
        } else {
            tell(orders.register(order, done));
        }
    }

    /** The group cannot serve: it gives its role away for now. */
    void giveUp(String group, String reason) {
        tell(new ToVrrp.GiveUp(group, reason));
    }

    /** A hold on preemption is over. */
    void allowPreemption(int holdNumber) {
        tell(new ToVrrp.AllowPreemption(holdNumber));
    }

    void onAnswer(ToSync.Answer answer) {
        orders.answer(answer);
    }

    /** Nobody will answer the orders that wait. */
    void stop() {
        orders.refuseAll("the node stops");
    }

    /** Hands over what found no room before. */
    void flush() {
        outbox.flush();
    }

    boolean isAllTold() {
        return outbox.isEmpty();
    }

    /** When to {@link #flush}, {@link Long#MAX_VALUE} when all is told. */
    long nextDeadline(long nowNanos) {
        return outbox.nextDeadline(nowNanos);
    }

    private void tell(ToVrrp message) {
        if (!absent.getAsBoolean()) {
            outbox.send(message);
        }
    }
}
