// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import java.time.Duration;

/**
 * How long each step of a takeover may take, and what a missed step means.
 *
 * @param commit of the peer's flows into the kernel
 * @param addresses going up
 * @param resync of the internal cache from the kernel
 * @param gateLimit how long a preemption waits at most for the node to be in sync
 * @param gateQuiet how long no unknown flows must have arrived before the node counts as in sync
 */
public record TakeoverPolicy(
        StepPolicy commit, StepPolicy addresses, StepPolicy resync, Duration gateLimit, Duration gateQuiet) {

    /**
     * Commit within ten seconds, then go on; addresses within five, or give the role away, since an active node
     * without its addresses serves nobody and keeps the other from doing so; resync within thirty, then go on.
     */
    public static final TakeoverPolicy DEFAULT = new TakeoverPolicy(
            StepPolicy.goOnAfter(Duration.ofSeconds(10)),
            new StepPolicy(Duration.ofSeconds(5), StepPolicy.OnMiss.FAULT),
            StepPolicy.goOnAfter(Duration.ofSeconds(30)),
            Duration.ofSeconds(5),
            Duration.ofMillis(200));
}
