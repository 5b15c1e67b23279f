// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.testkit.LinkFaults;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Runs a plan of faults over a pair of nodes under traffic, lets everything heal and become quiet, and tells what is left:
 * who is active, and whether the standby knows what the active has.
 */
public final class PlanRun {
    private static final LinkFaults HEALTHY = LinkFaults.NONE;
    private static final Duration TRAFFIC_INTERVAL = Duration.ofMillis(20);
    /** Election, takeover, purge, gate, gap detection, resync and its sweep, one after the other. */
    private static final Duration QUIET = Duration.ofSeconds(90);

    private final Simulation simulation;
    private final BiFunction<Simulation, Seat, ClusterNode> preferredKind;
    private final BiFunction<Simulation, Seat, ClusterNode> otherKind;
    private final Traffic traffic;
    private ClusterNode fw1;
    private ClusterNode fw2;
    private int longestDoubleMillis;

    /**
     * What a run ended with.
     *
     * @param active names of the nodes that believe to be active
     * @param missing flows of the active that the standby does not know
     * @param stale flows that the standby knows and the active does not have
     * @param outdated flows that both know, the standby in a former state
     * @param flows of the active
     */
    public record Outcome(
            Set<String> active, Set<FlowKey> missing, Set<FlowKey> stale, Set<FlowKey> outdated, int flows) {
        /** Whether the standby's external cache equals the active's internal cache. */
        public boolean inSync() {
            return missing.isEmpty() && stale.isEmpty() && outdated.isEmpty();
        }
    }

    /** A pair of these kinds in the seats of a fresh simulation. */
    public PlanRun(
            Simulation simulation,
            BiFunction<Simulation, Seat, ClusterNode> preferredKind,
            BiFunction<Simulation, Seat, ClusterNode> otherKind) {
        this.simulation = simulation;
        this.preferredKind = preferredKind;
        this.otherKind = otherKind;
        this.traffic = new Traffic(simulation.random());
        this.fw1 = preferredKind.apply(simulation, Seat.FW1);
        this.fw2 = otherKind.apply(simulation, Seat.FW2);
    }

    /** Starts both, lets the plan happen, heals everything, waits, and looks. */
    public Outcome run(List<Fault> plan) {
        start();
        underTraffic(Duration.ofSeconds(6));
        plan.forEach(this::happen);
        simulation.syncLink().faults(HEALTHY);
        underTraffic(Duration.ofSeconds(2));
        simulation.run(QUIET);
        return outcome();
    }

    /** Lets everything be quiet, then looks: for scenarios that are not a plan. */
    public Outcome settle() {
        simulation.run(QUIET);
        return outcome();
    }

    /** The node in the preferred seat now. */
    public ClusterNode preferred() {
        return fw1;
    }

    /** The node in the other seat now. */
    public ClusterNode other() {
        return fw2;
    }

    /** Longest time in which both nodes held addresses, in milliseconds, to about the traffic's interval. */
    public int longestDoubleMillis() {
        return longestDoubleMillis;
    }

    /** Lets one fault happen. */
    public void happen(Fault fault) {
        if (fault instanceof Fault.Pause pause) {
            underTraffic(pause.time());
        } else if (fault instanceof Fault.LossySync lossy) {
            simulation.syncLink().faults(new LinkFaults(lossy.loss(), lossy.duplication(), 50_000, 300_000));
            underTraffic(lossy.time());
        } else if (fault instanceof Fault.PowerLoss loss) {
            node(loss.preferredNode()).crash();
            comeBack(loss.preferredNode(), loss.away());
        } else if (fault instanceof Fault.CleanStop stop) {
            node(stop.preferredNode()).stop();
            comeBack(stop.preferredNode(), stop.away());
        } else if (fault instanceof Fault.SyncCut cut) {
            node(cut.preferredNode()).syncPort().partition(false, !cut.bothWays());
            underTraffic(cut.time());
            node(cut.preferredNode()).syncPort().partition(true, true);
        } else {
            throw new AssertionError(fault);
        }
    }

    private void comeBack(boolean preferredNode, Duration away) {
        underTraffic(away);
        if (preferredNode) {
            fw1 = preferredKind.apply(simulation, Seat.FW1);
        } else {
            fw2 = otherKind.apply(simulation, Seat.FW2);
        }
        node(preferredNode).start();
        underTraffic(Duration.ofSeconds(1));
    }

    /** Starts both nodes. */
    public void start() {
        fw1.start();
        fw2.start();
    }

    private ClusterNode node(boolean preferredNode) {
        return preferredNode ? fw1 : fw2;
    }

    /** Lets time pass while connections open, change and close through whoever holds the addresses. */
    public void underTraffic(Duration time) {
        int both = 0;
        for (long left = time.toMillis(); left > 0; left -= TRAFFIC_INTERVAL.toMillis()) {
            for (ClusterNode node : List.of(fw1, fw2)) {
                if (node.holdsAddresses()) {
                    traffic.step(node.kernel());
                    node.stepSoon();
                }
            }
            simulation.run(TRAFFIC_INTERVAL);
            both = fw1.holdsAddresses() && fw2.holdsAddresses() ? both + (int) TRAFFIC_INTERVAL.toMillis() : 0;
            longestDoubleMillis = Math.max(longestDoubleMillis, both);
        }
    }

    private Outcome outcome() {
        Set<String> active = new LinkedHashSet<>();
        for (ClusterNode node : List.of(fw1, fw2)) {
            if (node.isActive()) {
                active.add(node.name());
            }
        }
        ClusterNode master = fw2.isActive() ? fw2 : fw1;
        ClusterNode standby = master == fw1 ? fw2 : fw1;
        return compare(active, master.internal(), standby.external());
    }

    private static Outcome compare(Set<String> active, Map<FlowKey, Flow> own, Map<FlowKey, Flow> copy) {
        Set<FlowKey> missing = new LinkedHashSet<>(own.keySet());
        missing.removeAll(copy.keySet());
        Set<FlowKey> stale = new LinkedHashSet<>(copy.keySet());
        stale.removeAll(own.keySet());
        Set<FlowKey> outdated = new LinkedHashSet<>();
        own.forEach((key, flow) -> {
            Flow known = copy.get(key);
            if (known != null && (known.tcpState() != flow.tcpState() || known.status() != flow.status())) {
                outdated.add(key);
            }
        });
        return new Outcome(active, missing, stale, outdated, own.size());
    }
}
