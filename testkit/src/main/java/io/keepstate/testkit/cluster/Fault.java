// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import java.time.Duration;

/** One thing that goes wrong in a plan. Traffic goes on through the active node meanwhile. */
public sealed interface Fault {
    /** Nothing: time passes. */
    record Pause(Duration time) implements Fault {}

    /** The sync link loses, doubles and delays from now on, through whatever follows; the plan goes on after a while. */
    record LossySync(double loss, double duplication, Duration time) implements Fault {}

    /** A node loses power, stays away, and starts with an empty table. */
    record PowerLoss(boolean preferredNode, Duration away) implements Fault {}

    /** A node is stopped cleanly, stays away, and starts with an empty table. */
    record CleanStop(boolean preferredNode, Duration away) implements Fault {}

    /** What one node sends on the sync link does not arrive for a while; both directions if {@code bothWays}. */
    record SyncCut(boolean preferredNode, boolean bothWays, Duration time) implements Fault {}
}
