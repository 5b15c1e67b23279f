// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.conntrack.codec.ConntrackEncoder;
import io.keepstate.conntrack.codec.CpuStatistics;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.conntrack.codec.DumpSource;
import io.keepstate.conntrack.codec.StatisticsMessages;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.socket.NetlinkSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's connection tracking table of one network namespace: events, dumps, single requests, batches.
 *
 * <pre>{@code
 * try (Conntrack conntrack = Conntrack.open(ConntrackOptions.DEFAULTS)) {
 *     for (Flow flow : conntrack.dumpAll(DumpFilter.ALL)) {
 *         System.out.println(flow);
 *     }
 * }
 * }</pre>
 *
 * <p>Owns its sockets, which belong to the network namespace of the thread that opened it. Nothing waits: the kernel
 * answers requests before the call that sends them returns, events and dumps are read in slices. One thread.
 *
 * <p>Needs CAP_NET_ADMIN. Source: net/netfilter/nf_conntrack_netlink.c.
 */
public final class Conntrack implements AutoCloseable {
    /** Effective receive buffer for the answers to a batch: 832 octets each, twice over, and room for lookups. */
    private static final int ANSWER_BUFFER = 4 << 20;

    private static final int OCTETS_PER_ANSWER = 832 * 2;
    private static final int SLICE = 8;

    private final ConntrackOptions options;
    private final ConntrackEncoder encoder;
    private final NetlinkSocket commandSocket;
    private final NetlinkSocket commitSocket;
    private final NetlinkSocket dumpSocket;
    private final SingleRequests commands;
    private final List<CommitPipeline> pipelines = new ArrayList<>();
    private final List<EventStream> streams = new ArrayList<>();

    private @Nullable TableDump dump;
    private int dumps;

    private Conntrack(
            ConntrackOptions options,
            NetlinkSocket commandSocket,
            NetlinkSocket commitSocket,
            NetlinkSocket dumpSocket) {
        this.options = options;
        this.encoder = new ConntrackEncoder(options.windowTracking());
        this.commandSocket = commandSocket;
        this.commitSocket = commitSocket;
        this.dumpSocket = dumpSocket;
        this.commands = new SingleRequests(CommandChannel.over(commandSocket), encoder);
    }

    /**
     * Opens the calling thread's network namespace's table.
     *
     * @throws ConntrackUnavailableException without kernel support or without the right
     */
    public static Conntrack open(ConntrackOptions options) {
        List<NetlinkSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                sockets.add(openSocket());
            }
            NetlinkSocket commit = sockets.get(1);
            commit.receiveBuffer(ANSWER_BUFFER / 2);
            commit.sendBuffer(options.commitBatch() * ConntrackEncoder.MAX_MESSAGE_OCTETS);
            Conntrack conntrack = new Conntrack(options, sockets.get(0), commit, sockets.get(2));
            conntrack.commands.probe();
            return conntrack;
        } catch (RuntimeException e) {
            sockets.forEach(NetlinkSocket::close);
            throw e;
        }
    }

    private static NetlinkSocket openSocket() {
        try {
            NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETFILTER);
            socket.capAck(true);
            return socket;
        } catch (LinuxException e) {
            throw new ConntrackUnavailableException(
                    "no netfilter netlink here (" + e.getMessage() + "): load it with modprobe nf_conntrack_netlink");
        }
    }

    /**
     * Subscribes to events of the calling thread's network namespace, which must be the one this object was opened in.
     * The stream is closed with this object.
     *
     * @param types what to hear of
     */
    public EventStream subscribe(Set<EventType> types) {
        return subscribe(types, Set.of());
    }

    /**
     * As {@link #subscribe(Set)}, to events of expectations too, in one stream: a flow's event and those of its
     * expectations come in the kernel's order.
     *
     * @param flows what to hear of flows
     * @param expectations what to hear of expectations, by {@link EventHandler#onExpectation}
     */
    public EventStream subscribe(Set<EventType> flows, Set<EventType> expectations) {
        EventStream stream =
                EventStream.open(options, flows, expectations, commandSocket.portId(), commitSocket.portId());
        streams.add(stream);
        return stream;
    }

    /**
     * Starts a dump, to be read in slices; the caller closes it.
     *
     * @throws IllegalStateException while another dump of this object is under way
     */
    public TableDump startDump(DumpFilter filter) {
        return startDump(DumpSource.TABLE, filter);
    }

    /** As {@link #startDump(DumpFilter)}, of another list, or with the counters set to zero. */
    public TableDump startDump(DumpSource source, DumpFilter filter) {
        if (dump != null && !dump.isDone()) {
            throw new IllegalStateException("a dump is under way: finish or close it first");
        }
        dumps++;
        dump = TableDump.start(dumpSocket, encoder, dumps, source, filter);
        return dump;
    }

    /** The whole table at once, for small programs. */
    public List<Flow> dumpAll(DumpFilter filter) {
        List<Flow> flows = new ArrayList<>();
        try (TableDump all = startDump(filter)) {
            while (!all.isDone()) {
                all.doWork(flows::add, SLICE);
            }
            if (all.errno() != 0) {
                throw new LinuxException("conntrack dump", all.errno());
            }
        }
        return flows;
    }

    /** The kernel's entry with this original tuple and zone. */
    public Optional<Flow> get(FlowKey key) {
        return commands.get(key).filter(flow -> flow.original().equals(key.original()));
    }

    /**
     * Creates one flow, see {@link ConntrackEncoder#create}.
     *
     * @return false if an entry with one of its tuples exists
     */
    public boolean create(Flow flow, long timeoutSeconds) {
        return commands.succeeds(
                "create of " + flow,
                Errno.EEXIST,
                (out, sequence) -> encoder.create(out, sequence, true, flow, timeoutSeconds));
    }

    /**
     * Brings one flow's state, status, mark and timeout up to date, keeping the status bits it has.
     *
     * @param timeoutSeconds 0 leaves the timeout as it is
     * @return false if there is no such flow
     */
    public boolean update(Flow flow, long timeoutSeconds) {
        Optional<Flow> current = get(flow.key());
        return current.isPresent()
                && commands.succeeds(
                        "update of " + flow,
                        Errno.ENOENT,
                        (out, sequence) -> encoder.update(
                                out,
                                sequence,
                                true,
                                flow,
                                timeoutSeconds,
                                current.get().status()));
    }

    /**
     * Deletes one flow; one that carries an id only if the entry is still that very one.
     *
     * @return false if there is no such flow
     */
    public boolean delete(Flow flow) {
        return commands.succeeds(
                "delete of " + flow, Errno.ENOENT, (out, sequence) -> encoder.delete(out, sequence, true, flow));
    }

    /** Deletes all flows of this network namespace. */
    public void flush() {
        commands.succeeds("flush", 0, (out, sequence) -> encoder.flush(out, sequence, DumpFilter.ALL));
    }

    /** Deletes all flows of one family. */
    public void flush(Family family) {
        commands.succeeds(
                "flush", 0, (out, sequence) -> encoder.flush(out, sequence, DumpFilter.ALL.withFamily(family)));
    }

    /** A pipeline for many writes. At most one may be busy at a time: all share one socket. */
    public CommitPipeline newPipeline(CommitListener listener) {
        int fits = Math.max(1, commitSocket.receiveBuffer() / OCTETS_PER_ANSWER);
        CommitPipeline pipeline = new CommitPipeline(
                CommandChannel.over(commitSocket),
                encoder,
                Math.min(options.commitBatch(), fits),
                options.answerTimeoutNanos(),
                listener);
        pipelines.add(pipeline);
        return pipeline;
    }

    /** Commits flows and returns when each has its outcome, for small programs. Masters first. */
    public CommitCounts commitAll(Iterable<Flow> flows, long timeoutSeconds) {
        CommitPipeline pipeline = newPipeline(CommitListener.NONE);
        try {
            for (Flow flow : flows) {
                while (!pipeline.submitCreate(0, flow, timeoutSeconds)) {
                    work(pipeline);
                }
            }
            while (!pipeline.isIdle()) {
                work(pipeline);
            }
            return pipeline.counts();
        } finally {
            pipeline.close();
            pipelines.remove(pipeline);
        }
    }

    private static void work(CommitPipeline pipeline) {
        if (pipeline.doWork(System.nanoTime(), Integer.MAX_VALUE) == 0) {
            LockSupport.parkNanos(Math.max(1, pipeline.nextDeadline() - System.nanoTime()));
        }
    }

    /** Orders one at a time, exactly as given, each answered with the kernel's error number. */
    public TableOrders orders() {
        return new TableOrders(commands, encoder);
    }

    /** The expectations of this network namespace. */
    public Expectations expectations() {
        return new Expectations(commands);
    }

    /** What each processor counted: flows found, inserted, dropped... */
    public List<CpuStatistics> statistics() {
        return commands.statistics(StatisticsMessages::askProcessors).processors();
    }

    /** What each processor counted of expectations. */
    public List<CpuStatistics> expectationStatistics() {
        return commands.statistics(StatisticsMessages::askExpectations).processors();
    }

    /** How many flows this network namespace has. */
    public long entryCount() {
        return commands.statistics(StatisticsMessages::askEntries).entries();
    }

    /** How many flows there may be (nf_conntrack_max), -1 if this kernel does not tell. */
    public long maximumEntries() {
        return commands.statistics(StatisticsMessages::askEntries).maximum();
    }

    /** Who caused an event with this port id. */
    public Origin origin(long portId) {
        if (portId == 0) {
            return Origin.KERNEL;
        }
        if (portId == commitSocket.portId()) {
            return Origin.COMMIT;
        }
        return portId == commandSocket.portId() ? Origin.COMMAND : Origin.OTHER;
    }

    /** Closes all sockets; a second call does nothing. */
    @Override
    public void close() {
        streams.forEach(EventStream::close);
        pipelines.forEach(CommitPipeline::close);
        commands.close();
        commandSocket.close();
        commitSocket.close();
        dumpSocket.close();
    }
}
