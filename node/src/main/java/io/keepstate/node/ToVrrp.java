// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.Optional;

/** What the sync side tells the VRRP side. */
public sealed interface ToVrrp {

    /**
     * This node is in sync, or has waited long enough: an active router of lower priority may be preempted.
     *
     * @param holdNumber the hold that this lifts; a newer one stays
     */
    record AllowPreemption(int holdNumber) implements ToVrrp {}

    /** The group cannot serve: give the role away for now. */
    record GiveUp(String group, String reason) implements ToVrrp {}

    /**
     * Somebody took away what an active router holds.
     *
     * @param what what is gone and why, for people
     */
    record HoldingLost(String router, String what) implements ToVrrp {}

    /** The whole node cannot serve any more, or can again. */
    record Health(boolean healthy, String reason) implements ToVrrp {}

    /** An interface lost or found its link. */
    record LinkChanged(String interfaceName, boolean up) implements ToVrrp {}

    /** An interface was deleted and made again under the same name. */
    record InterfaceReplaced(String interfaceName) implements ToVrrp {}

    /**
     * The address that a virtual router advertises from changed.
     *
     * @param source empty when its interface has none any more
     */
    record SourceChanged(String router, Optional<IpAddress> source) implements ToVrrp {}

    /** Something is known of a tracked script, file or process. */
    record TrackChanged(Tracked what, TrackValue value) implements ToVrrp {}

    /**
     * Somebody wants something.
     *
     * @param number comes back in the {@link ToSync.Answer}
     */
    record Ordered(long number, VrrpOrder order) implements ToVrrp {}
}
