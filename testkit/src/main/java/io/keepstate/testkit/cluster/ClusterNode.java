// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.testkit.Segment;
import java.util.Map;

/** One machine of a simulated cluster, whatever software runs on it. */
public interface ClusterNode {
    /** Its name, the same before and after a restart. */
    String name();

    /** Starts it. */
    void start();

    /** Ends it as SIGTERM does: it resigns. The machine is gone afterwards. */
    void stop();

    /** Ends it as a power loss does. */
    void crash();

    /** Whether it believes to be active. */
    boolean isActive();

    /** Whether virtual addresses are on its interfaces. */
    boolean holdsAddresses();

    /** Its connection table. */
    SimulatedKernel kernel();

    /** Its end of the sync link. */
    Segment.Port syncPort();

    /** Own flows as its sync side knows them; those that are deleted are left out. */
    Map<FlowKey, Flow> internal();

    /** The peer's flows as its sync side knows them. */
    Map<FlowKey, Flow> external();

    /** What {@code conntrackd -n} does: asks the peer for everything. */
    void requestResync();

    /** What {@code conntrackd -F} does: deletes the kernel's flows; the peer is not told. */
    void flushKernel();

    /** Makes its loop run: something outside changed, such as its kernel's table. */
    void stepSoon();
}
