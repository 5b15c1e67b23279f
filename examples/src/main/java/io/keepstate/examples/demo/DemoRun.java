// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import io.keepstate.examples.demo.Change.Failover;
import io.keepstate.examples.demo.lab.FirewallNode;
import io.keepstate.examples.demo.lab.ForwardCounters;
import io.keepstate.examples.demo.lab.Lab;
import io.keepstate.examples.demo.lab.LabException;
import io.keepstate.examples.demo.lab.LabOptions;
import io.keepstate.examples.demo.lab.TakeoverTimes;
import io.keepstate.examples.demo.lab.Topology;
import io.keepstate.examples.demo.traffic.SessionSample;
import io.keepstate.examples.demo.traffic.TrafficClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The script of the demo, inside its namespaces: the JVM runs on the client machine. Faults come in turn as power loss
 * and clean stop, on fw1 and fw2; the sessions are judged once after each change of role.
 */
public final class DemoRun {
    private static final int DOWNLOADS = 40;
    private static final int ECHOES = 20;
    private static final int IDLE = 40;

    /** Sessions are judged within this time of the change of role. */
    private static final long JUDGED_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(19_500);

    /** Longer than three missed adverts of one second, and a JVM that starts on a busy machine. */
    private static final long ROLE_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final DemoOptions options;
    private final Console console;
    private final Lab lab;
    private final List<Change> changes = new ArrayList<>();

    private DemoRun(DemoOptions options, Console console, Lab lab) {
        this.options = options;
        this.console = console;
        this.lab = lab;
    }

    /** Started by {@link Launcher} only. */
    public static void main(String[] words) {
        System.exit(run(DemoOptions.fromWords(words)));
    }

    private static int run(DemoOptions options) {
        Console console = Console.standard();
        try {
            console.event("building the reference setup: client, server, fw1, fw2");
            LabOptions labOptions = new LabOptions(
                    options.kindOf("fw1"), options.kindOf("fw2"), options.withoutSync(), Distribution.launcher());
            Lab lab = Lab.build(labOptions, (node, line) -> {
                if (options.verbose()) {
                    console.print("           " + node + " | " + line + System.lineSeparator());
                }
            });
            return new DemoRun(options, console, lab).run();
        } catch (LabException cannotRun) {
            console.print("keepstate demo cannot run here: " + cannotRun.getMessage() + System.lineSeparator());
            return Launcher.CANNOT_RUN;
        }
    }

    private int run() {
        lab.fw1().start(lab.fw1().referencePriority());
        lab.fw2().start(lab.fw2().referencePriority());
        awaitRole(lab.fw1());
        console.event("fw1 is active, fw2 stands by");
        TrafficClient client = openSessions();
        StatusView view = StatusView.start(console, lab.firewalls(), client);
        settle();
        for (int cycle = 0; cycle < options.cycles(); cycle++) {
            boolean powerLoss = cycle % 2 == 0;
            // 1, 2, 2, 1: with the faults in turn, each node has each fault once in four cycles.
            FirewallNode victim = (cycle + cycle / 2) % 2 == 0 ? lab.fw1() : lab.fw2();
            cycle(client, victim, powerLoss);
        }
        view.stop();
        Report report = new Report(changes);
        console.print(report.text(client.udp(), client.icmp()));
        options.json().ifPresent(file -> write(Path.of(file), report.json()));
        return report.flawless() ? 0 : 1;
    }

    private TrafficClient openSessions() {
        TrafficClient client =
                TrafficClient.open(Topology.SERVER4, Topology.SERVER6, DOWNLOADS, ECHOES, IDLE, 20261122);
        client.mark();
        if (!await(JUDGED_WITHIN_NANOS, () -> client.sample().stream().allMatch(s -> s.moved() > 0))) {
            throw new LabException("the sessions do not open through fw1; its last words: "
                    + String.join(" / ", lab.fw1().lastLines()));
        }
        console.event(DOWNLOADS + " downloads, " + ECHOES + " echoes, " + IDLE
                + " idle sessions are open, half IPv4 through SNAT, half IPv6");
        return client;
    }

    private void cycle(TrafficClient client, FirewallNode victim, boolean powerLoss) {
        FirewallNode other = lab.other(victim);
        if (!victim.active()) {
            prefer(client, victim, other);
        }
        changes.add(fault(client, victim, other, powerLoss));
        if (options.withoutSync()) {
            return; // judged before the return, which changes nothing for the dead
        }
        comeBack(client, victim, powerLoss);
        settle();
    }

    /** The standby is restarted with the higher priority, as an operator does who wants to work on the other. */
    private void prefer(TrafficClient client, FirewallNode standby, FirewallNode active) {
        int priority = active.referencePriority() + 50;
        console.event(standby.name() + " is restarted with priority " + priority + ", and takes the role from "
                + active.name());
        client.watchStalls();
        standby.stop();
        standby.start(priority);
        awaitRole(standby);
        changes.add(judged(
                client,
                standby,
                "handover to " + standby.name(),
                false,
                System.currentTimeMillis(),
                System.nanoTime()));
        settle();
    }

    private Change fault(TrafficClient client, FirewallNode victim, FirewallNode other, boolean powerLoss) {
        other.forgetTakeover();
        client.watchStalls();
        String title = (powerLoss ? "power loss of " : "clean stop of ") + victim.name();
        console.event(
                powerLoss ? "*** " + victim.name() + " loses power ***" : victim.name() + " is stopped (SIGTERM)");
        long faultMillis = System.currentTimeMillis();
        long faultNanos = System.nanoTime();
        if (powerLoss) {
            victim.powerOff();
        } else {
            victim.stop();
        }
        await(JUDGED_WITHIN_NANOS - (System.nanoTime() - faultNanos), other::active);
        return judged(client, other, title, powerLoss, faultMillis, faultNanos);
    }

    private void comeBack(TrafficClient client, FirewallNode victim, boolean powerLoss) {
        boolean preferred = victim.referencePriority() > lab.other(victim).referencePriority();
        console.event(victim.name()
                + (powerLoss ? " is switched on again, with an empty table" : " is started again")
                + (preferred ? ", and takes its role back" : " and stands by"));
        if (powerLoss) {
            victim.powerOn();
        }
        client.watchStalls();
        victim.start(victim.referencePriority());
        if (preferred) {
            awaitRole(victim);
            changes.add(judged(
                    client,
                    victim,
                    "return of " + victim.name(),
                    false,
                    System.currentTimeMillis(),
                    System.nanoTime()));
        }
    }

    private Change judged(
            TrafficClient client,
            FirewallNode active,
            String title,
            boolean powerLoss,
            long sinceMillis,
            long sinceNanos) {
        ForwardCounters before = active.forwarded();
        client.mark();
        Judgement judgement = judge(client, active, before, 0);
        while (!judgement.flawless() && System.nanoTime() - sinceNanos < JUDGED_WITHIN_NANOS) {
            pause(100);
            judgement = judge(client, active, before, 0);
        }
        judgement = judge(client, active, before, lab.topology().resetsSeen());
        Failover failover = failover(active.takeover(), sinceMillis);
        Change change = new Change(title, powerLoss, failover, judgement);
        console.event(title + ": " + judgement.alive() + " of " + judgement.total() + " sessions alive, "
                + judgement.reset() + " reset, longest stall " + judgement.longestStallMillis() + " ms");
        if (powerLoss) {
            console.event(active.name() + ": " + Report.steps(failover));
        }
        return change;
    }

    private static Judgement judge(TrafficClient client, FirewallNode active, ForwardCounters before, long resetsSeen) {
        // Content first: what the counters say then covers it.
        List<SessionSample> samples = client.sample();
        return Judge.judge(samples, active.forwarded().since(before), resetsSeen);
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

    private void awaitRole(FirewallNode node) {
        FirewallNode other = lab.other(node);
        if (!await(ROLE_WITHIN_NANOS, () -> (node.active() && !other.active()) || !node.running()) || !node.running()) {
            throw new LabException(node.name() + (node.running() ? " does not become active" : " has ended")
                    + "; its last words: " + String.join(" / ", node.lastLines()));
        }
    }

    /** The other node has to learn what the new active one knows, and (PurgeTimeout 5) to forget what it knew. */
    private void settle() {
        pause(options.withoutSync() ? 1000 : lab.options().anyClassic() ? 7000 : 3000);
    }

    private static boolean await(long nanos, BooleanSupplier condition) {
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

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new LabException("cannot write " + file + ": " + failed.getMessage(), failed);
        }
    }
}
