// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.WireProfile;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExternalCacheTest {
    private static final long SECOND = 1_000_000_000L;

    private ExternalCache cache = cache(ExternalCacheConfig.DEFAULT);

    @Test
    void aNewMessageReplacesAnUpdateMergesADestroyRemoves() {
        assertThat(message(MessageType.FLOW_NEW, Flows.tcp(1).mark(1))).isEqualTo(Applied.ADDED);
        assertThat(message(MessageType.FLOW_UPDATE, Flows.tcp(1).helper("ftp"))).isEqualTo(Applied.UPDATED);
        assertThat(only().mark()).isEqualTo(1);
        assertThat(only().helper()).isEqualTo("ftp");
        assertThat(message(MessageType.FLOW_NEW, Flows.tcp(1))).isEqualTo(Applied.REPLACED);
        assertThat(only().has(Attribute.MARK)).isFalse();
        assertThat(only().helper()).isNull();
        assertThat(message(MessageType.FLOW_DESTROY, Flows.tcp(1))).isEqualTo(Applied.REMOVED);
        assertThat(message(MessageType.FLOW_DESTROY, Flows.tcp(1))).isEqualTo(Applied.NOT_KNOWN);
        assertThat(message(MessageType.FLOW_UPDATE, Flows.tcp(1))).isEqualTo(Applied.ADDED);
        assertThat(cache.applied(Applied.ADDED)).isEqualTo(2);
        assertThat(cache.stats().created()).isEqualTo(3);
        assertThat(cache.stats().destroyed()).isEqualTo(2);
        assertThat(cache.stats().updated()).isEqualTo(1);
    }

    @Test
    void theLimitRefusesNewKeysOnlyAndIsCounted() {
        cache = cache(ExternalCacheConfig.DEFAULT.withHashLimit(1));
        message(MessageType.FLOW_NEW, Flows.tcp(1));
        assertThat(message(MessageType.FLOW_NEW, Flows.tcp(2))).isEqualTo(Applied.FULL);
        assertThat(message(MessageType.FLOW_UPDATE, Flows.tcp(2))).isEqualTo(Applied.FULL);
        assertThat(message(MessageType.FLOW_NEW, Flows.tcp(1))).isEqualTo(Applied.REPLACED);
        assertThat(message(MessageType.FLOW_UPDATE, Flows.tcp(1))).isEqualTo(Applied.UPDATED);
        assertThat(cache.stats().createFailedFull()).isEqualTo(2);
    }

    @Test
    void malformedExpectationAndUnknownMessagesAreCountedAndChangeNothing() {
        assertThat(cache.onMessage(MessageType.FLOW_NEW, Unpooled.EMPTY_BUFFER, 0))
                .isEqualTo(Applied.MALFORMED);
        assertThat(cache.onMessage(MessageType.EXPECTATION_NEW, Unpooled.EMPTY_BUFFER, 0))
                .isEqualTo(Applied.EXPECTATION);
        assertThat(cache.onMessage(9, Unpooled.EMPTY_BUFFER, 0)).isEqualTo(Applied.UNKNOWN_TYPE);
        assertThat(cache.applied(Applied.MALFORMED)).isEqualTo(1);
        assertThat(cache.applied(Applied.EXPECTATION)).isEqualTo(1);
        assertThat(cache.applied(Applied.UNKNOWN_TYPE)).isEqualTo(1);
        assertThat(cache.size()).isZero();
    }

    @Test
    void theLifetimeOfACommittedFlowIsWhatIsLeftOfIt() {
        cache.onFlow(MessageType.FLOW_NEW, Flows.tcp(1).timeoutSeconds(100).build(), 10 * SECOND);
        assertThat(timeoutAt(10 * SECOND)).isEqualTo(100);
        assertThat(timeoutAt(40 * SECOND + 1)).isEqualTo(70);
        assertThat(timeoutAt(110 * SECOND)).as("nothing left").isEqualTo(60);
        assertThat(timeoutAt(5_000 * SECOND)).as("long gone").isEqualTo(60);
        assertThat(timeoutAt(9 * SECOND)).as("clock behind").isEqualTo(100);
        cache.onFlow(MessageType.FLOW_UPDATE, Flows.tcp(1).build(), 50 * SECOND);
        assertThat(timeoutAt(60 * SECOND)).as("counted from the last update").isEqualTo(90);
    }

    @Test
    void aFlowWhoseLifetimeWasNotToldHasNoneSoThatItsProtocolDecides() {
        message(MessageType.FLOW_NEW, Flows.tcp(1));
        assertThat(timeoutAt(0)).isZero();
    }

    @Test
    void commitTimeoutOverridesTheLifetime() {
        cache = cache(ExternalCacheConfig.DEFAULT.withCommitTimeoutSeconds(1800));
        message(MessageType.FLOW_NEW, Flows.tcp(1).timeoutSeconds(100));
        assertThat(timeoutAt(5 * SECOND)).isEqualTo(1800);
    }

    @Test
    void aSweepFindsWhatABulkDidNotRenew() {
        for (int i = 0; i < 4; i++) {
            message(MessageType.FLOW_NEW, Flows.tcp(i));
        }
        int mark = cache.mark();
        message(MessageType.FLOW_NEW, Flows.tcp(0));
        message(MessageType.FLOW_UPDATE, Flows.tcp(2));
        message(MessageType.FLOW_NEW, Flows.tcp(9));
        cache.forEachNotRenewed(
                mark,
                new Cursor(),
                100,
                handle -> assertThat(cache.remove(handle)).isTrue());
        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.contains(Flows.tcp(1).build().key())).isFalse();
        assertThat(cache.contains(Flows.tcp(3).build().key())).isFalse();
    }

    @Test
    void aCommitTakesTheMostValuableFirstAndMastersBeforeWhatTheyExpected() {
        // Added in an order that is wrong in every respect.
        message(MessageType.FLOW_NEW, related(5, 4));
        message(MessageType.FLOW_NEW, related(4, 3));
        message(MessageType.FLOW_NEW, related(9, 8));
        message(MessageType.FLOW_NEW, Flows.udp(7).status(0));
        message(MessageType.FLOW_NEW, Flows.tcp(8).set(Attribute.TCP_STATE, TcpState.CLOSE));
        message(MessageType.FLOW_NEW, Flows.udp(6).status(Flows.ASSURED));
        message(MessageType.FLOW_NEW, Flows.tcp(3));
        message(MessageType.FLOW_NEW, Flows.tcp(2));

        List<Tuple> order = new ArrayList<>();
        CommitCursor cursor = cache.startCommit();
        int mostValuable = -1;
        while (!cursor.isDone()) {
            cache.forEachToCommit(
                    cursor, 1, handle -> order.add(cache.flowFor(handle, 0).original()));
            if (mostValuable < 0 && cursor.isMostValuableDone()) {
                mostValuable = order.size();
            }
        }

        Tuple udp6 = Flows.udp(6).build().original();
        Tuple udp7 = Flows.udp(7).build().original();
        assertThat(order)
                .hasSize(8)
                .startsWith(Flows.tuple(3), Flows.tuple(2), Flows.tuple(4))
                .doesNotHaveDuplicates();
        assertThat(order.indexOf(Flows.tuple(5))).isGreaterThan(order.indexOf(Flows.tuple(4)));
        assertThat(order.indexOf(Flows.tuple(9))).isGreaterThan(order.indexOf(Flows.tuple(8)));
        assertThat(order.indexOf(udp6)).isLessThan(order.indexOf(udp7));
        assertThat(order.indexOf(udp6)).isLessThan(order.indexOf(Flows.tuple(8)));
        assertThat(mostValuable).isBetween(3, 4);
    }

    @Test
    void mastersThatExpectEachOtherAreCommittedAllTheSame() {
        message(MessageType.FLOW_NEW, related(1, 2));
        message(MessageType.FLOW_NEW, related(2, 1));
        assertThat(commitAll()).hasSize(2);
    }

    @Test
    void anEntryThatComesOrChangesDuringACommitIsNotMissed() {
        for (int i = 0; i < 100; i++) {
            message(
                    MessageType.FLOW_NEW,
                    i % 2 == 0 ? Flows.tcp(i) : Flows.tcp(i).status(0));
        }
        List<Long> seen = new ArrayList<>();
        CommitCursor cursor = cache.startCommit();
        int next = 100;
        while (!cursor.isDone()) {
            cache.forEachToCommit(cursor, 3, seen::add);
            if (next < 150) {
                // One more at every step, and one that becomes more valuable than the pass that is running.
                message(MessageType.FLOW_NEW, Flows.tcp(next++));
                message(MessageType.FLOW_UPDATE, Flows.tcp(next % 100));
            }
        }
        assertThat(seen).doesNotHaveDuplicates().hasSize(cache.size());
        assertThat(commitAll()).as("the next commit").hasSize(cache.size());
    }

    @Test
    void aNewCommitEndsTheOneBefore() {
        message(MessageType.FLOW_NEW, Flows.tcp(1));
        CommitCursor old = cache.startCommit();
        cache.startCommit();
        assertThat(cache.forEachToCommit(old, 10, handle -> {})).isZero();
        assertThat(old.isDone()).isTrue();
    }

    @Test
    void whatIsGoneHasNoFlow() {
        message(MessageType.FLOW_NEW, Flows.tcp(1));
        long handle = commitAll().get(0);
        cache.flush();
        assertThat(cache.flowFor(handle, 0)).isNull();
        assertThat(cache.flow(handle)).isNull();
        assertThat(cache.remove(handle)).isFalse();
    }

    @Test
    void removingWhileIteratingVisitsEveryOtherEntryOnce() {
        for (int i = 0; i < 1000; i++) {
            message(MessageType.FLOW_NEW, Flows.tcp(i));
        }
        List<Long> seen = new ArrayList<>();
        Cursor cursor = new Cursor();
        while (!cursor.isDone()) {
            cache.forEachEntry(cursor, 10, entry -> {
                seen.add(entry.handle());
                cache.remove(entry.handle());
            });
        }
        assertThat(seen).hasSize(1000).doesNotHaveDuplicates();
        assertThat(cache.size()).isZero();
    }

    private static FlowBuilder related(int number, int master) {
        return Flows.tcp(number).master(Flows.tuple(master));
    }

    private List<Long> commitAll() {
        List<Long> handles = new ArrayList<>();
        CommitCursor cursor = cache.startCommit();
        while (!cursor.isDone()) {
            cache.forEachToCommit(cursor, 10, handles::add);
        }
        return handles;
    }

    private long timeoutAt(long nowNanos) {
        return cache.flowFor(commitAll().get(0), nowNanos).timeoutSeconds();
    }

    private Flow only() {
        assertThat(cache.size()).isEqualTo(1);
        return cache.flow(commitAll().get(0));
    }

    private Applied message(int type, FlowBuilder flow) {
        return cache.onFlow(type, flow.build(), 0);
    }

    private static ExternalCache cache(ExternalCacheConfig config) {
        return new ExternalCache(config, new FlowDecoder(WireProfile.V1_4_7));
    }
}
