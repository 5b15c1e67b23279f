// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Status;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What synchronising and committing costs, beside the installed conntrackd: a pair of ours and a pair in C, each daemon
 * a process of its own, the same configuration, loaded in turn. Times are printed and written down, never asserted; what
 * is asserted is that both do the work. The short form shows only that it runs: so few flows measure a JVM's start.
 */
@ExtendWith(LabExtension.class)
@Isolated("it measures times")
class SideBySideInteropIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final int FLOWS = LONG ? 100_000 : 4_000;
    private static final int ROUNDS = LONG ? 3 : 1;
    private static final int PER_SECOND = LONG ? 20_000 : 5_000;
    /** A JVM that has just started reads events at a fraction of its later speed, and would overrun its socket. */
    private static final int WARM_UP_PER_SECOND = PER_SECOND / 4;

    private static final int SLICE = 200;
    private static final int TICKS_PER_SECOND = 100;
    private static final Path RESULT = Path.of("target/proof/side-by-side.md");

    private enum Kind {
        KEEPSTATE,
        CONNTRACKD
    }

    /** One round: seconds of processor time, wall clock milliseconds, and counts that say whether the work was done. */
    private record Figures(
            double rate,
            double newSender,
            double newReceiver,
            double endedSender,
            double endedReceiver,
            double commitMillis,
            double commitCpu,
            double commitAgainMillis,
            double missing,
            double notCommitted,
            double overruns) {}

    /** Two namespaces with a daemon each; flows appear in the first. */
    private static final class Pair {
        final LabNamespace first;
        final LabNamespace second;
        final Conntrackd sender;
        final Conntrackd receiver;
        final Conntrack source;
        final Conntrack target;

        Pair(Lab lab, Kind kind) {
            first = lab.namespace(kind.name().toLowerCase(Locale.ROOT) + "-1");
            second = lab.namespace(kind.name().toLowerCase(Locale.ROOT) + "-2");
            lab.veth(first, "eth2", second, "eth2");
            first.address("eth2", "10.0.0.1/24");
            second.address("eth2", "10.0.0.2/24");
            for (LabNamespace each : List.of(first, second)) {
                each.sysctl("net.netfilter.nf_conntrack_events", "1");
                each.nft("table ip nat { chain post { type nat hook postrouting priority srcnat; }\n}");
            }
            source = lab.closing(first.get(() -> Conntrack.open(ConntrackOptions.DEFAULTS)));
            target = lab.closing(second.get(() -> Conntrack.open(ConntrackOptions.DEFAULTS)));
            boolean ours = kind == Kind.KEEPSTATE;
            sender = lab.closing(
                    ours
                            ? Conntrackd.startKeepstate(lab, first, "10.0.0.1", "10.0.0.2")
                            : Conntrackd.start(lab, first, "10.0.0.1", "10.0.0.2"));
            receiver = lab.closing(
                    ours
                            ? Conntrackd.startKeepstate(lab, second, "10.0.0.2", "10.0.0.1")
                            : Conntrackd.start(lab, second, "10.0.0.2", "10.0.0.1"));
        }

        Figures round(List<Flow> flows, int perSecond) {
            long senderBefore = ticks(sender);
            long receiverBefore = ticks(receiver);
            double rate = paced(flows, perSecond, slice -> first.get(() -> source.commitAll(slice, 3600)));
            awaitExternal(flows.size());
            int missing = flows.size() - external();
            double newSender = seconds(sender, senderBefore);
            double newReceiver = seconds(receiver, receiverBefore);

            long commitBefore = ticks(receiver);
            double commit = commitMillis();
            double commitCpu = seconds(receiver, commitBefore);
            int notCommitted = flows.size() - translated();
            double again = commitMillis();
            second.get(() -> {
                target.flush();
                return null;
            });

            senderBefore = ticks(sender);
            receiverBefore = ticks(receiver);
            paced(
                    flows,
                    perSecond,
                    slice -> first.get(
                            () -> slice.stream().filter(source::delete).count()));
            awaitExternal(0);
            Figures figures = new Figures(
                    rate,
                    newSender,
                    newReceiver,
                    seconds(sender, senderBefore),
                    seconds(receiver, receiverBefore),
                    commit,
                    commitCpu,
                    again,
                    missing,
                    notCommitted,
                    overruns(sender));
            sender.request(ControlRequest.FLUSH_CACHES);
            receiver.request(ControlRequest.FLUSH_CACHES);
            return figures;
        }

        private double commitMillis() {
            long start = System.nanoTime();
            receiver.request(ControlRequest.COMMIT);
            return (System.nanoTime() - start) / 1e6;
        }

        private int translated() {
            return (int) second.get(() -> target.dumpAll(DumpFilter.ALL)).stream()
                    .filter(flow -> (flow.status() & Status.SRC_NAT) != 0)
                    .count();
        }

        private int external() {
            return (int) number(receiver.request(ControlRequest.STATS), "(?s)external:.*?connections:\\s+(\\d+)");
        }

        /** Until the receiver has so many, but not for ever: what is missing is a result. */
        private void awaitExternal(int count) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
            while (external() != count && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1100)); // the last acknowledgement
        }

        private static double overruns(Conntrackd daemon) {
            return number(daemon.request(ControlRequest.STATS_RUNTIME), "netlink overrun:\\s+(\\d+)");
        }
    }

    @Test
    void costOfNewFlowsAndOfACommit(Lab lab) throws IOException {
        Requires.program("conntrackd");
        Requires.program("nft");
        List<Flow> flows = FlowMix.translatedTcp(FLOWS);
        Map<Kind, Pair> pairs = new EnumMap<>(Kind.class);
        Map<Kind, List<Figures>> results = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            pairs.put(kind, new Pair(lab, kind));
            results.put(kind, new ArrayList<>());
        }
        for (int round = 0; round <= ROUNDS; round++) {
            int perSecond = round == 0 ? WARM_UP_PER_SECOND : PER_SECOND;
            pairs.forEach((kind, pair) -> results.get(kind).add(pair.round(flows, perSecond)));
        }
        String report = report(results);
        if (LONG) {
            System.out.println(report);
            Files.createDirectories(RESULT.getParent());
            Files.writeString(RESULT, report);
        }
        for (Kind kind : Kind.values()) {
            assertThat(results.get(kind)).as("%s did the work", kind).allSatisfy(figures -> {
                assertThat(figures.missing).isZero();
                assertThat(figures.notCommitted).isZero();
            });
        }
    }

    private static String report(Map<Kind, List<Figures>> results) {
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "# Side by side with the installed conntrackd%n%n%d TCP flows behind SNAT at %d/s, kernel %s, %d"
                        + " processors, Java %s; median [all] of %d rounds in turn after a warm-up at %d/s.%n%n",
                FLOWS,
                PER_SECOND,
                System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                ROUNDS,
                WARM_UP_PER_SECOND));
        out.append("| | Keepstate | conntrackd | ratio | warm-up: Keepstate, conntrackd |\n|---|---|---|---|---|\n");
        row(out, results, "new flows per second reached", Figures::rate);
        row(out, results, "CPU s per 100 k new flows, sender", figures -> per100k(figures.newSender));
        row(out, results, "CPU s per 100 k new flows, receiver", figures -> per100k(figures.newReceiver));
        row(out, results, "CPU s per 100 k ended flows, sender", figures -> per100k(figures.endedSender));
        row(out, results, "CPU s per 100 k ended flows, receiver", figures -> per100k(figures.endedReceiver));
        row(out, results, "commit of " + FLOWS + " NAT flows, ms", Figures::commitMillis);
        row(out, results, "CPU s of that commit", Figures::commitCpu);
        row(out, results, "commit again, all there already, ms", Figures::commitAgainMillis);
        row(out, results, "flows missing at the receiver", Figures::missing);
        row(out, results, "flows not committed or not translated", Figures::notCommitted);
        row(out, results, "overruns of the sender's event socket so far", Figures::overruns);
        return out.toString();
    }

    private static void row(
            StringBuilder out, Map<Kind, List<Figures>> results, String name, ToDoubleFunction<Figures> figure) {
        double ours = median(results.get(Kind.KEEPSTATE), figure);
        double theirs = median(results.get(Kind.CONNTRACKD), figure);
        out.append(String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %.2f, %.2f |%n",
                name,
                cell(results.get(Kind.KEEPSTATE), figure),
                cell(results.get(Kind.CONNTRACKD), figure),
                theirs == 0 ? "" : String.format(Locale.ROOT, "%.2f", ours / theirs),
                figure.applyAsDouble(results.get(Kind.KEEPSTATE).get(0)),
                figure.applyAsDouble(results.get(Kind.CONNTRACKD).get(0))));
    }

    private static String cell(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
        StringBuilder all = new StringBuilder();
        for (Figures each : rounds.subList(1, rounds.size())) {
            all.append(all.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%.2f", figure.applyAsDouble(each)));
        }
        return String.format(Locale.ROOT, "%.2f [%s]", median(rounds, figure), all);
    }

    /** Of all rounds but the warm-up. */
    private static double median(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
        double[] sorted = rounds.stream().skip(1).mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static double per100k(double seconds) {
        return seconds * 100_000 / FLOWS;
    }

    /** Does something with all flows, a slice at a time, at the wanted rate; answers the rate reached. */
    private static double paced(List<Flow> flows, int perSecond, Consumer<List<Flow>> work) {
        long start = System.nanoTime();
        for (int done = 0; done < flows.size(); done += SLICE) {
            long due = start + done * 1_000_000_000L / perSecond;
            for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            work.accept(flows.subList(done, Math.min(flows.size(), done + SLICE)));
        }
        return flows.size() * 1e9 / (System.nanoTime() - start);
    }

    private static double seconds(Conntrackd daemon, long ticksBefore) {
        return (double) (ticks(daemon) - ticksBefore) / TICKS_PER_SECOND;
    }

    /** User and system time of all threads (fields 14 and 15 of /proc/PID/stat, proc(5)). */
    private static long ticks(Conntrackd daemon) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(daemon.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
