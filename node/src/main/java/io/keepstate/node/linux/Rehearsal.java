// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.conntrack.codec.ConntrackDecoder;
import io.keepstate.conntrack.codec.ConntrackEncoder;
import io.keepstate.conntrack.codec.MessageKind;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.port.CommitResult;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.FlowEvents;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.port.FlowVisitor;
import io.keepstate.node.sync.StateSync;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the work of a busy node before there is any: a Java machine that has just started is slow, and a firewall may be
 * at its busiest just then. Two nodes without kernel and network talk to each other on the caller's thread: events are
 * decoded, cached, sent, received, and committed (encoded, not sent) until the time is used up. Nothing of it is kept.
 */
final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNode.class);

    private static final int MTU = 1500;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int FLOWS = 4_096;
    private static final int ROUND = 64;
    private static final int FIRST_CLIENT = 0x0a000001;
    private static final int SERVER = 0x0a010002;
    private static final int FIRST_PORT = 1024;
    private static final int TIMEOUT_SECONDS = 300;

    private final ConntrackEncoder encoder;
    private final ConntrackDecoder decoder = new ConntrackDecoder();
    private final ByteBuf message = NativeMemory.allocate(ConntrackEncoder.MAX_MESSAGE_OCTETS);
    private final Table table = new Table();
    private final Table peerTable = new Table();
    private final StateSync node;
    private final StateSync peer;
    private int rehearsed;

    private Rehearsal(SyncConfiguration configuration) {
        encoder = new ConntrackEncoder(configuration.tcpWindowTracking());
        SyncConfiguration everything = SyncConfiguration.builder(configuration.links())
                .tcpWindowTracking(configuration.tcpWindowTracking())
                .build();
        StateSync[] both = new StateSync[2];
        node = new StateSync(everything, table, datagram -> deliver(both[1], datagram), event -> {}, MTU, 1, 1);
        peer = new StateSync(everything, peerTable, datagram -> deliver(both[0], datagram), event -> {}, MTU, 2, 2);
        both[0] = node;
        both[1] = peer;
    }

    /** Rehearses for about this long; answers how many events were worked on. */
    static int run(SyncConfiguration configuration, Duration budget) {
        Rehearsal rehearsal = new Rehearsal(configuration);
        long began = System.nanoTime();
        try {
            rehearsal.run(began + budget.toNanos());
        } catch (RuntimeException e) {
            // It is only a rehearsal: what fails here will say so when it matters.
            LOG.warn("the rehearsal of state synchronisation failed; the node starts with cold code", e);
        } finally {
            rehearsal.message.release();
        }
        LOG.debug("rehearsed {} events in {} ms", rehearsal.rehearsed, (System.nanoTime() - began) / NANOS_PER_MILLI);
        return rehearsal.rehearsed;
    }

    private void run(long endNanos) {
        long now = System.nanoTime();
        node.start(now);
        peer.start(now);
        for (int round = 0; now < endNanos; round++) {
            for (int i = 0; i < ROUND; i++) {
                event((round * ROUND + i) % FLOWS, round * ROUND / FLOWS % 2 == 0);
            }
            node.doWork(now);
            peer.doWork(now);
            if (round % (2 * FLOWS / ROUND) == FLOWS / ROUND - 1) {
                peer.commit((flows, refused) -> {});
            }
            now = System.nanoTime();
        }
    }

    private static boolean deliver(@Nullable StateSync to, ByteBuf datagram) {
        if (to != null) {
            to.receive(datagram.slice(), System.nanoTime());
        }
        return true;
    }

    /** One flow's life: made and changed in the first round, ended in the next. */
    private void event(int number, boolean begins) {
        Flow flow = flow(number);
        message.clear();
        if (begins) {
            encoder.create(message, number, false, flow, TIMEOUT_SECONDS);
        } else {
            encoder.delete(message, number, false, flow);
        }
        decoder.begin(message);
        FlowEvents events = table.events;
        while (events != null && decoder.next()) {
            rehearsed++;
            long now = System.nanoTime();
            if (decoder.kind() == MessageKind.NEW) {
                events.created(decoder.flow(), now);
                events.updated(decoder.flow(), now);
            } else if (decoder.kind() == MessageKind.DESTROY) {
                events.destroyed(decoder.flow(), now);
            }
        }
    }

    private static Flow flow(int number) {
        Tuple original =
                Tuple.ipv4(FIRST_CLIENT + number % ROUND, SERVER, Protocol.TCP, FIRST_PORT + number, FIRST_PORT);
        return Flow.builder(original)
                .status(Status.SEEN_REPLY | Status.ASSURED | Status.CONFIRMED)
                .tcpState(TcpState.ESTABLISHED)
                .build();
    }

    /** The kernel's table as far as a rehearsal needs one: what is committed is encoded, and gone. */
    private final class Table implements FlowTable {
        private @Nullable FlowEvents events;

        @Override
        public void subscribe(FlowEvents sink) {
            events = sink;
        }

        @Override
        public boolean dump(FlowVisitor visitor, Completion done) {
            done.done(null);
            return true;
        }

        @Override
        public @Nullable Flow find(FlowKey key) {
            return null;
        }

        @Override
        public void commit(List<Flow> batch, CommitResult result) {
            for (Flow flow : batch) {
                message.clear();
                encoder.create(message, 0, false, flow, Math.max(1, flow.timeoutSeconds()));
            }
            result.done(batch.size(), 0);
        }

        @Override
        public void delete(List<FlowKey> batch, Completion done) {
            done.done(null);
        }

        @Override
        public int doWork(long nowNanos, int budget) {
            return 0;
        }

        @Override
        public long nextDeadline() {
            return Long.MAX_VALUE;
        }
    }
}
