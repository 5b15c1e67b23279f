// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import io.keepstate.examples.demo.Change.Failover;
import io.keepstate.examples.demo.lab.Deviation;
import io.keepstate.examples.demo.lab.FirewallNode;
import io.keepstate.examples.demo.lab.ForwardCounters;
import io.keepstate.examples.demo.lab.Lab;
import io.keepstate.examples.demo.lab.LabException;
import io.keepstate.examples.demo.lab.TakeoverTimes;
import io.keepstate.examples.demo.traffic.SessionSample;
import io.keepstate.examples.demo.traffic.TrafficClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The lab with the sessions through it: what a {@link Script} plays on, and where its changes of role are judged. */
final class Stage {
    /** Sessions are judged within this time of the change of role. */
    static final long JUDGED_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(19_500);

    /** Longer than three missed adverts of one second, and a JVM that starts on a busy machine. */
    private static final long ROLE_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final DemoOptions options;
    private final Console console;
    private final Lab lab;
    private final TrafficClient client;
    private final List<Change> changes = new ArrayList<>();

    Stage(DemoOptions options, Console console, Lab lab, TrafficClient client) {
        this.options = options;
        this.console = console;
        this.lab = lab;
        this.client = client;
    }

    DemoOptions options() {
        return options;
    }

    Console console() {
        return console;
    }

    Lab lab() {
        return lab;
    }

    TrafficClient client() {
        return client;
    }

    /** What was judged so far. */
    List<Change> changes() {
        return changes;
    }

    /** Puts more that is known about a change in its place. */
    void replace(Change known, Change better) {
        changes.replaceAll(change -> change.equals(known) ? better : change);
    }

    /**
     * Judges the sessions, now that the roles have changed.
     *
     * @param carriers which node is to forward the sessions, by their route
     * @param powerLoss whether a node lost its power; the first carrier is then the one that took over
     */
    Change judge(String title, boolean powerLoss, Moment since, List<FirewallNode> carriers) {
        Map<FirewallNode, ForwardCounters> before = new LinkedHashMap<>();
        carriers.forEach(node -> before.put(node, node.forwarded()));
        client.mark();
        Judgement judgement = judge(carriers, before, 0);
        while (!judgement.flawless() && since.nanosAgo() < JUDGED_WITHIN_NANOS) {
            pause(100);
            judgement = judge(carriers, before, 0);
        }
        judgement = judge(carriers, before, lab.topology().resetsSeen());
        Failover failover = failover(carriers.get(0).takeover(), since.wallMillis());
        Change change = new Change(title, powerLoss, failover, judgement);
        changes.add(change);
        console.event(title + ": " + judgement.alive() + " of " + judgement.total() + " sessions alive, "
                + judgement.reset() + " reset, longest stall " + judgement.longestStallMillis() + " ms");
        if (powerLoss) {
            console.event(carriers.get(0).name() + ": " + Report.steps(failover));
        }
        return change;
    }

    private Judgement judge(List<FirewallNode> carriers, Map<FirewallNode, ForwardCounters> before, long resetsSeen) {
        // Content first: what the counters say then covers it.
        List<SessionSample> samples = client.sample();
        List<Judge.Share> shares = new ArrayList<>();
        before.forEach((node, counters) -> shares.add(new Judge.Share(
                samples.stream()
                        .filter(sample -> carriers.get(sample.route()) == node)
                        .toList(),
                node.forwarded().since(counters))));
        return Judge.judge(shares, resetsSeen);
    }

    private static Failover failover(TakeoverTimes times, long sinceMillis) {
        return new Failover(
                after(times.elected(), sinceMillis),
                after(times.committed(), sinceMillis),
                after(times.addresses(), sinceMillis),
                times.flows());
    }

    private static OptionalLong after(long atMillis, long sinceMillis) {
        return atMillis == 0 ? OptionalLong.empty() : OptionalLong.of(atMillis - sinceMillis);
    }

    /**
     * Takes a node away, waits until the other has all addresses, and judges.
     *
     * @param powerLoss by power loss, else by a clean stop of its software
     * @param carriers as for {@link #judge}
     */
    Change fault(FirewallNode victim, boolean powerLoss, List<FirewallNode> carriers) {
        FirewallNode other = lab.other(victim);
        other.forgetTakeover();
        client.watchStalls();
        console.event(
                powerLoss ? "*** " + victim.name() + " loses power ***" : victim.name() + " is stopped (SIGTERM)");
        Moment moment = Moment.now();
        if (powerLoss) {
            victim.powerOff();
        } else {
            victim.stop();
        }
        await(JUDGED_WITHIN_NANOS - moment.nanosAgo(), other::active);
        return judge((powerLoss ? "power loss of " : "clean stop of ") + victim.name(), powerLoss, moment, carriers);
    }

    /** Waits until the roles are as they should be, for which {@code node} is the one to act. */
    static void awaitRole(FirewallNode node, BooleanSupplier reached) {
        if (!await(ROLE_WITHIN_NANOS, () -> reached.getAsBoolean() || !node.running()) || !node.running()) {
            throw new LabException(node.name() + (node.running() ? " does not get its role" : " has ended")
                    + "; its last words: " + String.join(" / ", node.lastLines()));
        }
    }

    /** The other node has to learn what the new active one knows, and (PurgeTimeout 5) to forget what it knew. */
    void settle() {
        pause(options.withoutSync() ? 1000 : lab.options().anyClassic() ? untilPurgeIsRepaired() : 3000);
    }

    /** Without an external cache the purge takes what a node in C had learnt; it is sent again 2 s later. */
    private long untilPurgeIsRepaired() {
        return lab.options().deviations().contains(Deviation.WITHOUT_EXTERNAL_CACHE) ? 10_000 : 7000;
    }

    /** A purge that should not be comes PurgeTimeout (5 s) after the role was lost: it must be seen, too. */
    void outlastPurge() {
        pause(7000);
    }

    /** Waits for a condition; answers whether it came true. */
    static boolean await(long nanos, BooleanSupplier condition) {
        long end = System.nanoTime() + nanos;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            pause(20);
        }
        return true;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            throw new LabException("interrupted", interrupted);
        }
    }

    /**
     * When something happened, on both clocks.
     *
     * @param wallMillis for what the nodes log
     * @param nanos for what is awaited
     */
    record Moment(long wallMillis, long nanos) {
        static Moment now() {
            return new Moment(System.currentTimeMillis(), System.nanoTime());
        }

        long nanosAgo() {
            return System.nanoTime() - nanos;
        }
    }
}
