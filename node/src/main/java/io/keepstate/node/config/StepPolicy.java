// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import java.time.Duration;

/**
 * What is expected of one step of a takeover.
 *
 * @param deadline from the start of the step
 * @param onMiss what to do when the step failed or did not end in time
 */
public record StepPolicy(Duration deadline, OnMiss onMiss) {

    /** What to do about a missed step. */
    public enum OnMiss {
        /** Report the reason and go on with the next step: half of the state is better than no service. */
        GO_ON,
        /** Give the role away: without this step the node must not be active. */
        FAULT
    }

    /** Checks that there is time for the step. */
    public StepPolicy {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("a takeover step needs a deadline above zero");
        }
    }

    /** Go on after this time. */
    public static StepPolicy goOnAfter(Duration deadline) {
        return new StepPolicy(deadline, OnMiss.GO_ON);
    }
}
