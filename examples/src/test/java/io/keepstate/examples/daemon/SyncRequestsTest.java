// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.node.BoundedQueue;
import io.keepstate.node.SyncDuty;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.TakeoverPolicy;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.CommitResult;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.FlowEvents;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.port.FlowVisitor;
import io.keepstate.node.port.Waker;
import io.keepstate.node.sync.StateSync;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What requests do to a node that has something to do already. */
class SyncRequestsTest {
    private static final long MILLI = 1_000_000;

    private final ArrayDeque<ByteBuf> toStandby = new ArrayDeque<>();
    private final ArrayDeque<ByteBuf> toActive = new ArrayDeque<>();
    private final SlowTable table = new SlowTable();
    private final SyncDuty standby = node(2, table, toActive);
    private long now;

    /** A kernel that takes its time with a commit. */
    private static final class SlowTable implements FlowTable {
        @Nullable
        FlowEvents events;

        @Nullable
        CommitResult committing;

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
        public void commit(List<Flow> flows, CommitResult result) {
            committing = result;
        }

        @Override
        public void delete(List<FlowKey> keys, Completion done) {
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

    /** There are no groups, so nobody asks for any. */
    private static final class NoAddresses implements Addresses {
        @Override
        public void up(VrrpGroup group, Completion done) {
            done.done(null);
        }

        @Override
        public void down(VrrpGroup group, Completion done) {
            done.done(null);
        }
    }

    /** One without groups, whose peer gets what is sent. */
    static SyncDuty node(int number, FlowTable table, ArrayDeque<ByteBuf> out) {
        SyncConfiguration sync = SyncConfiguration.builder(
                        PeerLink.between("10.0.0." + number, "10.0.0." + (3 - number)))
                .build();
        StateSync state = new StateSync(
                sync, table, datagram -> out.add(Unpooled.copiedBuffer(datagram)), event -> {}, 1500, number, number);
        return new SyncDuty(
                new NodeConfiguration(List.of(), Optional.of(sync), TakeoverPolicy.DEFAULT),
                state,
                new NoAddresses(),
                address -> {},
                new BoundedQueue<>(64, Waker.NONE),
                new BoundedQueue<>(64, Waker.NONE),
                event -> {},
                0);
    }

    @BeforeEach
    void aFlowReachesTheStandby() {
        SlowTable ofActive = new SlowTable();
        SyncDuty active = node(1, ofActive, toStandby);
        active.start(now);
        standby.start(now);
        talk(active, 10);
        Tuple tuple = Tuple.ipv4(0x0a00_0001, 0x0a00_0002, Protocol.TCP, 1024, 80);
        ofActive.events.created(
                Flow.builder(tuple)
                        .reply(tuple.inverted())
                        .status(Status.ASSURED | Status.SEEN_REPLY | Status.CONFIRMED)
                        .tcpState(TcpState.ESTABLISHED)
                        .timeoutSeconds(600)
                        .build(),
                now);
        talk(active, 2000);
        assertThat(standby.sync().externalSize()).isEqualTo(1);
    }

    private void talk(SyncDuty active, int turns) {
        for (int turn = 0; turn < turns; turn++) {
            now += MILLI;
            active.doWork(now);
            standby.doWork(now);
            deliver(toStandby, standby);
            deliver(toActive, active);
        }
    }

    private void deliver(ArrayDeque<ByteBuf> from, SyncDuty to) {
        for (ByteBuf datagram = from.poll(); datagram != null; datagram = from.poll()) {
            to.sync().receive(datagram, now);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "flows", "external"})
    void theExternalCacheIsNotEmptiedWhileItIsCommitted(String what) {
        Consumer<SyncDuty> flush = switch (what) {
            case "all" -> SyncRequests::flushCaches;
            case "flows" -> SyncRequests::flushFlowCaches;
            default -> SyncRequests::flushExternal;
        };
        SyncRequests.commit(standby, () -> {});
        standby.doWork(now);
        assertThat(table.committing).isNotNull();
        flush.accept(standby);
        assertThat(standby.sync().externalSize()).isEqualTo(1);
        table.committing.done(1, 0);
        standby.doWork(now + MILLI);
        flush.accept(standby);
        assertThat(standby.sync().externalSize()).isZero();
    }

    @Test
    void aCommitEndsForWhoAskedWithoutExpectationsToo() {
        boolean[] done = {false};
        SyncRequests.commit(standby, () -> done[0] = true);
        standby.doWork(now);
        assertThat(done[0]).isFalse();
        table.committing.done(1, 0);
        standby.doWork(now + MILLI);
        assertThat(done[0]).isTrue();
    }
}
