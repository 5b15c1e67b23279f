// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import java.util.OptionalLong;

/**
 * One change of role and how the sessions came through it.
 *
 * @param title what happened, such as "power loss of fw1"
 * @param powerLoss whether it was a power loss
 * @param failover its steps
 * @param judgement of the sessions
 */
record Change(String title, boolean powerLoss, Failover failover, Judgement judgement) {
    /**
     * The steps of a takeover, in milliseconds after the fault; empty where a step was not seen.
     *
     * @param detected the other node noticed, and won the election
     * @param committed the sessions are in its kernel
     * @param addresses it holds the virtual addresses
     * @param flows how many flows it committed
     */
    record Failover(OptionalLong detected, OptionalLong committed, OptionalLong addresses, long flows) {
        /** No step seen. */
        static final Failover UNSEEN =
                new Failover(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), 0);
    }
}
