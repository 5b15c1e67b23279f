// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.keepstate.testkit.Agenda;
import io.keepstate.testkit.LinkFaults;
import io.keepstate.testkit.Segment;
import io.keepstate.testkit.VirtualClock;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Two nodes on one link, on virtual time, from one seed. */
final class LinkSimulation {
    /** A datagram that entered the link; no copies: it was lost. */
    record Sent(long nanos, String from, byte[] datagram, int copies) {}

    static final long SECOND = 1_000_000_000L;
    static final long MILLI = 1_000_000L;

    final VirtualClock clock = new VirtualClock(5 * SECOND, 1_795_000_000_000L);
    final Agenda agenda = new Agenda(clock);
    final RandomGenerator random;
    final Segment segment;
    final LinkedNode a;
    final LinkedNode b;
    /** Every datagram that entered the link. */
    final List<Sent> trace = new ArrayList<>();

    LinkSimulation(long seed, LongFunction<SyncSession> daemonA, LongFunction<SyncSession> daemonB) {
        random = new SplittableRandom(seed);
        segment = new Segment(agenda, clock, random);
        a = new LinkedNode("a", segment, clock, agenda, daemonA);
        b = new LinkedNode("b", segment, clock, agenda, daemonB);
        segment.tap((now, from, to, datagram, copies) -> trace.add(new Sent(now, from, datagram, copies)));
    }

    private static List<String> messages(Sent sent) {
        List<String> lines = new ArrayList<>();
        FrameReader reader = new FrameReader();
        reader.wrap(Unpooled.wrappedBuffer(sent.datagram));
        while (reader.next()) {
            StringBuilder line = new StringBuilder();
            line.append((sent.nanos - 5 * SECOND) / MILLI)
                    .append(" ms ")
                    .append(sent.from)
                    .append("> ");
            line.append(reader.kind()).append(reader.kind() == FrameKind.DATA ? reader.type() : "");
            line.append(" seq=").append(reader.sequence());
            line.append(reader.isHello() ? " HELLO" : "").append(reader.isHelloBack() ? " HELLO_BACK" : "");
            if (reader.kind().isRanged()) {
                line.append(" ").append(reader.from()).append("..").append(reader.to());
            } else if (reader.kind() == FrameKind.DATA) {
                line.append(" object ")
                        .append(Unpooled.wrappedBuffer(sent.datagram).getLong(reader.payloadIndex()));
            }
            lines.add(line.append(sent.copies == 0 ? " LOST" : sent.copies == 2 ? " TWICE" : "")
                    .toString());
        }
        return lines;
    }

    void run(long nanos) {
        long until = clock.nowNanos() + nanos;
        while (agenda.step(until)) {
            // the agenda does the work
        }
        clock.advanceTo(until);
    }

    /** Random changes on one node for a while. */
    void churn(LinkedNode node, int operations, long overNanos, int handles) {
        for (int i = 0; i < operations; i++) {
            long handle = random.nextInt(handles);
            boolean delete = random.nextInt(4) == 0;
            agenda.in(random.nextLong(overNanos), () -> {
                if (delete) {
                    node.delete(handle);
                } else {
                    node.put(handle);
                }
            });
        }
    }

    void quiet(long nanos) {
        segment.faults(LinkFaults.NONE);
        run(nanos);
    }

    boolean isConverged() {
        return a.living().equals(b.external) && b.living().equals(a.external);
    }

    String difference() {
        return "a has " + a.living() + "\nb knows " + b.external + "\nb has " + b.living() + "\na knows " + a.external
                + "\n"
                + trace.stream().flatMap(sent -> messages(sent).stream()).collect(Collectors.joining("\n"));
    }
}
