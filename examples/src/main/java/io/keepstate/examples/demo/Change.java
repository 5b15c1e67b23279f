// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import io.keepstate.examples.demo.lab.FlowWatch;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One change of role and how the sessions came through it.
 *
 * @param title what happened, such as "power loss of fw1"
 * @param powerLoss whether it was a power loss
 * @param failover its steps
 * @param judgement of the sessions
 * @param ownFlows what became of the flows that the other node served all the while; empty if nobody looked
 */
record Change(String title, boolean powerLoss, Failover failover, Judgement judgement, Optional<OwnFlows> ownFlows) {
    Change(String title, boolean powerLoss, Failover failover, Judgement judgement) {
        this(title, powerLoss, failover, judgement, Optional.empty());
    }

    Change with(OwnFlows seen) {
        return new Change(title, powerLoss, failover, judgement, Optional.of(seen));
    }

    /**
     * The flows of a group that stayed where it was.
     *
     * @param before how many there were
     * @param lost how many of them were taken from the kernel
     */
    record OwnFlows(int before, int lost) {
        static OwnFlows of(FlowWatch.Seen seen) {
            return new OwnFlows(seen.before(), seen.lost());
        }
    }

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
