// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Counters;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.SynProxy;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.Unprotected;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.flow.wire.WireProfile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InternalCacheTest {
    private static final InternalCacheConfig SMALL =
            InternalCacheConfig.DEFAULT.withHashLimit(3).withPinnedLimit(2);
    private static final FlowEncoder ENCODER = new FlowEncoder(WireProfile.V1_4_7, WireOptions.DEFAULT);

    private final InternalCache cache = new InternalCache(SMALL, ENCODER);

    @Test
    void aFlowIsSentAsNewThenAsUpdateThenAsDestroyed() {
        long handle = cache.onNew(Flows.tcp(1).build(), Origin.KERNEL, 0);
        assertThat(encode(handle)).isEqualTo(MessageType.FLOW_NEW);
        assertThat(cache.onUpdate(Flows.tcp(1).build(), Origin.KERNEL, 0)).isEqualTo(handle);
        assertThat(encode(handle)).isEqualTo(MessageType.FLOW_UPDATE);
        assertThat(cache.onDestroy(Flows.tcp(1).build(), Origin.KERNEL)).isEqualTo(handle);
        assertThat(encode(handle)).isEqualTo(MessageType.FLOW_DESTROY);
        cache.released(handle);
        assertThat(encode(handle)).isEqualTo(Handle.GONE);
    }

    @Test
    void aFlowIsFoundByItsTupleAloneIfOnlyOneZoneHasIt() {
        assertThat(cache.zoneOf(Flows.tuple(1))).isEqualTo(InternalCache.NO_FLOW);
        cache.onNew(Flows.tcp(1).build(), Origin.KERNEL, 0);
        assertThat(cache.zoneOf(Flows.tuple(1))).isZero();
        assertThat(cache.zoneOf(Flows.tuple(2))).isEqualTo(InternalCache.NO_FLOW);
        cache.onNew(Flows.tcp(2).zone(5).build(), Origin.KERNEL, 0);
        assertThat(cache.zoneOf(Flows.tuple(2))).isEqualTo(5);
        assertThat(cache.zoneOf(Flows.tuple(3))).isEqualTo(InternalCache.SEVERAL_ZONES);
        cache.onNew(Flows.tcp(1).zone(5).build(), Origin.KERNEL, 0);
        assertThat(cache.zoneOf(Flows.tuple(1))).isEqualTo(InternalCache.SEVERAL_ZONES);
        cache.onDestroy(Flows.tcp(1).build(), Origin.KERNEL);
        assertThat(cache.zoneOf(Flows.tuple(1))).isEqualTo(5);
    }

    @Test
    void anUpdateKeepsWhatItLeavesOut() {
        long handle = cache.onNew(Flows.tcp(1).mark(7).helper("ftp").build(), Origin.KERNEL, 0);
        cache.onUpdate(
                Flow.builder(Flows.tuple(1))
                        .set(Attribute.TCP_STATE, TcpState.FIN_WAIT)
                        .build(),
                Origin.KERNEL,
                0);
        Flow sent = sent(handle);
        assertThat(sent.mark()).isEqualTo(7);
        assertThat(sent.helper()).isEqualTo("ftp");
        assertThat(sent.tcpState()).isEqualTo(TcpState.FIN_WAIT);
    }

    @Test
    void aNewFlowOfTheSameKeyKeepsNothingOfTheOldOne() {
        cache.onNew(Flows.tcp(1).mark(7).build(), Origin.KERNEL, 0);
        long handle = cache.onNew(Flows.tcp(1).build(), Origin.KERNEL, 5);
        assertThat(sent(handle).has(Attribute.MARK)).isFalse();
        assertThat(encode(handle)).isEqualTo(MessageType.FLOW_NEW);
        assertThat(cache.stats().created()).isEqualTo(2);
        assertThat(cache.stats().destroyed()).isEqualTo(1);
    }

    @Test
    void anUpdateOfAFlowNotKnownAddsItAsNew() {
        assertThat(encode(cache.onUpdate(Flows.tcp(1).build(), Origin.KERNEL, 0)))
                .isEqualTo(MessageType.FLOW_NEW);
        assertThat(cache.stats().updateMissing()).isEqualTo(1);
    }

    @Test
    void aFlowThatComesBackWhileItsDeletionWaitsIsANewOneUnderTheSameHandle() {
        long handle = cache.onNew(Flows.tcp(1).build(), Origin.KERNEL, 0);
        cache.onDestroy(Flows.tcp(1).build(), Origin.KERNEL);
        assertThat(cache.pinned()).isEqualTo(1);

        assertThat(cache.onNew(Flows.tcp(1).build(), Origin.KERNEL, 0)).isEqualTo(handle);

        assertThat(cache.pinned()).isZero();
        assertThat(encode(handle)).isEqualTo(MessageType.FLOW_NEW);
        cache.released(handle);
        assertThat(cache.contains(Flows.tcp(1).build().key())).as("alive").isTrue();
    }

    @Test
    void aDeletedFlowWaitsForEachPeer() {
        InternalCache two = new InternalCache(SMALL.withPeers(2), ENCODER);
        long handle = two.onNew(Flows.tcp(1).build(), Origin.KERNEL, 0);
        two.onDestroy(Flows.tcp(1).build(), Origin.KERNEL);
        two.released(handle);
        assertThat(two.encode(handle, Unpooled.buffer())).isEqualTo(MessageType.FLOW_DESTROY);
        two.released(handle);
        assertThat(two.encode(handle, Unpooled.buffer())).isEqualTo(Handle.GONE);
    }

    @Test
    void withoutPeersNothingWaits() {
        InternalCache alone = new InternalCache(SMALL.withPeers(0), ENCODER);
        alone.onNew(Flows.tcp(1).build(), Origin.KERNEL, 0);
        assertThat(alone.onDestroy(Flows.tcp(1).build(), Origin.KERNEL)).isEqualTo(Handle.NONE);
        assertThat(alone.pinned()).isZero();
    }

    @Test
    void aRecycledSlotDoesNotAnswerToItsOldHandle() {
        long old = cache.onNew(Flows.tcp(1).build(), Origin.KERNEL, 0);
        cache.onDestroy(Flows.tcp(1).build(), Origin.KERNEL);
        cache.released(old);
        long next = cache.onNew(Flows.tcp(2).build(), Origin.KERNEL, 0);

        assertThat((int) next).as("the same slot").isEqualTo((int) old);
        assertThat(next).isNotEqualTo(old);
        assertThat(encode(old)).isEqualTo(Handle.GONE);
        cache.released(old);
        assertThat(encode(next)).isEqualTo(MessageType.FLOW_NEW);
    }

    @Test
    void aHandleOfTheOtherTableIsGone() {
        ExternalCache external = new ExternalCache(ExternalCacheConfig.DEFAULT, new FlowDecoder(WireProfile.V1_4_7));
        external.onFlow(MessageType.FLOW_NEW, Flows.tcp(1).build(), 0);
        cache.onNew(Flows.tcp(1).build(), Origin.KERNEL, 0);
        external.forEachEntry(new Cursor(), 1, entry -> {
            assertThat(Handle.isExternal(entry.handle())).isTrue();
            assertThat(encode(entry.handle())).isEqualTo(Handle.GONE);
        });
    }

    @Test
    void theLimitRefusesFlowsAndIsCountedAndAsksForARefillWhenThereIsRoom() {
        for (int i = 1; i <= 3; i++) {
            cache.onNew(Flows.tcp(i).build(), Origin.KERNEL, 0);
        }
        assertThat(cache.onNew(Flows.tcp(4).build(), Origin.KERNEL, 0)).isEqualTo(Handle.NONE);
        assertThat(cache.onUpdate(Flows.tcp(5).build(), Origin.KERNEL, 0)).isEqualTo(Handle.NONE);
        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.stats().createFailedFull()).isEqualTo(2);
        assertThat(cache.isRefillDue()).isFalse();
        assertThat(cache.refusedFlows()).isEqualTo(2);
        cache.onUpdate(Flows.tcp(4).build(), Origin.KERNEL, 0);
        assertThat(cache.refusedFlows()).as("each flow once").isEqualTo(2);
        cache.onDestroy(Flows.tcp(5).build(), Origin.KERNEL);
        assertThat(cache.refusedFlows()).as("it ended").isEqualTo(1);

        cache.onDestroy(Flows.tcp(1).build(), Origin.KERNEL);

        assertThat(cache.isRefillDue()).isTrue();
        cache.onUpdate(Flows.tcp(4).build(), Origin.KERNEL, 0);
        assertThat(cache.refusedFlows()).isZero();
        assertThat(cache.isRefillDue()).isFalse();
    }

    @Test
    void deletedFlowsThatWaitDoNotKeepNewOnesOut() {
        for (int i = 1; i <= 2; i++) {
            cache.onNew(Flows.tcp(i).build(), Origin.KERNEL, 0);
            cache.onDestroy(Flows.tcp(i).build(), Origin.KERNEL);
        }
        for (int i = 3; i <= 5; i++) {
            assertThat(cache.onNew(Flows.tcp(i).build(), Origin.KERNEL, 0)).isNotEqualTo(Handle.NONE);
        }
        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.pinned()).isEqualTo(2);
    }

    @Test
    void tooManyDeletedFlowsGiveUpTheOldest() {
        long[] handles = new long[3];
        for (int i = 0; i < 3; i++) {
            handles[i] = cache.onNew(Flows.tcp(i).build(), Origin.KERNEL, 0);
            cache.onDestroy(Flows.tcp(i).build(), Origin.KERNEL);
        }
        assertThat(cache.pinnedGivenUp()).isEqualTo(1);
        assertThat(encode(handles[0])).isEqualTo(Handle.GONE);
        assertThat(encode(handles[1])).isEqualTo(MessageType.FLOW_DESTROY);
        assertThat(encode(handles[2])).isEqualTo(MessageType.FLOW_DESTROY);
    }

    @Test
    void eventsOfOurOwnCommitAndFlushAreNotSent() {
        for (Origin origin : new Origin[] {Origin.COMMIT, Origin.FLUSH}) {
            assertThat(cache.onNew(Flows.tcp(1).build(), origin, 0)).isEqualTo(Handle.NONE);
            assertThat(cache.onUpdate(Flows.tcp(1).build(), origin, 0)).isEqualTo(Handle.NONE);
            assertThat(cache.contains(Flows.tcp(1).build().key())).isTrue();
            assertThat(cache.onDestroy(Flows.tcp(1).build(), origin)).isEqualTo(Handle.NONE);
            assertThat(cache.size() + cache.pinned()).isZero();
        }
    }

    @Test
    void aFlowCommittedByUsIsInABulkUpdate() {
        cache.onNew(Flows.tcp(1).build(), Origin.COMMIT, 0);
        assertThat(toSend()).hasSize(1);
    }

    @Test
    void whatTheWireCannotCarryIsKeptCountedAndNeverSent() {
        Tuple pptp = Tuple.ipv4(1, 2, Protocol.GRE, 3, 4);
        assertThat(cache.onNew(Flow.builder(pptp).build(), Origin.KERNEL, 0)).isEqualTo(Handle.NONE);
        long helped = cache.onNew(Flows.tcp(1).helper("a-long-helper").build(), Origin.KERNEL, 0);
        assertThat(helped).isNotEqualTo(Handle.NONE);

        assertThat(cache.size()).isEqualTo(2);
        assertThat(toSend()).containsExactly(helped);
        assertThat(cache.unprotected(Unprotected.GRE_KEYS)).isEqualTo(1);
        assertThat(cache.unprotected(Unprotected.LONG_HELPER)).isEqualTo(1);
        assertThat(cache.unprotectedFlows()).isEqualTo(1);

        assertThat(cache.onDestroy(Flow.builder(pptp).build(), Origin.KERNEL)).isEqualTo(Handle.NONE);
        cache.onDestroy(Flows.tcp(1).build(), Origin.KERNEL);
        assertThat(cache.unprotected(Unprotected.GRE_KEYS)).isZero();
        assertThat(cache.unprotected(Unprotected.LONG_HELPER)).isZero();
    }

    /** The kernel tells what a SYN proxy needs when it talks to the server, after the flow was announced. */
    @Test
    void aFlowThatThePeerCannotBeToldOfAnyMoreIsTakenFromIt() {
        FlowEncoder older = new FlowEncoder(WireProfile.V1_4_4, WireOptions.DEFAULT);
        InternalCache proxied = new InternalCache(SMALL, older);
        Flow behindProxy = Flows.tcp(1).synProxy(new SynProxy(1, 2, 3)).build();
        ByteBuf out = Unpooled.buffer();

        long handle = proxied.onNew(Flows.tcp(1).synProxy(new SynProxy(0, 0, 0)).build(), Origin.KERNEL, 0);
        assertThat(proxied.encode(handle, out)).isEqualTo(MessageType.FLOW_NEW);
        assertThat(proxied.onUpdate(behindProxy, Origin.KERNEL, 0)).isEqualTo(handle);
        assertThat(proxied.unprotected(Unprotected.SYN_PROXY)).isEqualTo(1);
        assertThat(proxied.encode(handle, out.clear())).isEqualTo(MessageType.FLOW_DESTROY);
        FlowBuilder told = new FlowBuilder();
        assertThat(new FlowDecoder(WireProfile.V1_4_4).decode(out, told)).isNull();
        assertThat(told.build().original()).isEqualTo(Flows.tuple(1));
        proxied.released(handle);
        assertThat(proxied.size()).isEqualTo(1);

        assertThat(proxied.onDestroy(behindProxy, Origin.KERNEL))
                .as("the first message may be lost")
                .isEqualTo(handle);
        assertThat(proxied.unprotectedFlows()).isZero();
        assertThat(proxied.encode(handle, out.clear())).isEqualTo(MessageType.FLOW_DESTROY);
        proxied.released(handle);
        assertThat(proxied.encode(handle, out)).isEqualTo(Handle.GONE);

        assertThat(proxied.onNew(behindProxy, Origin.KERNEL, 0))
                .as("a peer that never heard of it")
                .isEqualTo(Handle.NONE);
        assertThat(proxied.onDestroy(behindProxy, Origin.KERNEL)).isEqualTo(Handle.NONE);
    }

    @Test
    void zonesKeepEqualTuplesApart() {
        cache.onNew(Flows.tcp(1).zone(1).build(), Origin.KERNEL, 0);
        cache.onNew(Flows.tcp(1).zone(2).build(), Origin.KERNEL, 0);
        assertThat(cache.size()).isEqualTo(2);
        cache.onDestroy(Flows.tcp(1).zone(1).build(), Origin.KERNEL);
        assertThat(cache.contains(Flows.tcp(1).zone(2).build().key())).isTrue();
    }

    @Test
    void aSweepFindsWhatADumpDidNotRenew() {
        cache.onNew(Flows.tcp(1).build(), Origin.KERNEL, 0);
        cache.onNew(Flows.tcp(2).build(), Origin.KERNEL, 0);
        int mark = cache.mark();
        cache.onUpdate(Flows.tcp(2).build(), Origin.KERNEL, 0);
        cache.onNew(Flows.tcp(3).build(), Origin.KERNEL, 0);

        List<Long> expired = new ArrayList<>();
        cache.forEachNotRenewed(mark, new Cursor(), 10, handle -> expired.add(cache.expire(handle)));

        assertThat(expired).hasSize(1);
        assertThat(encode(expired.get(0))).isEqualTo(MessageType.FLOW_DESTROY);
        assertThat(cache.contains(Flows.tcp(1).build().key())).isFalse();
        assertThat(cache.size()).isEqualTo(2);
    }

    @Test
    void countersOfDeletedFlowsAreSummedUp() {
        cache.onNew(Flows.tcp(1).build(), Origin.KERNEL, 0);
        Flow last = Flows.tcp(1)
                .originalCounters(new Counters(2, 200))
                .replyCounters(new Counters(1, 1000))
                .build();
        cache.onDestroy(last, Origin.KERNEL);
        cache.onDestroy(last, Origin.KERNEL);
        assertThat(cache.processedPackets()).isEqualTo(3);
        assertThat(cache.processedBytes()).isEqualTo(1200);
        assertThat(cache.stats().destroyMissing()).isEqualTo(1);
    }

    @Test
    void aFlushLeavesNothingAndNoHandle() {
        long alive = cache.onNew(Flows.tcp(1).build(), Origin.KERNEL, 0);
        long dead = cache.onNew(Flows.tcp(2).build(), Origin.KERNEL, 0);
        cache.onDestroy(Flows.tcp(2).build(), Origin.KERNEL);
        cache.flush();
        long again = cache.onNew(Flows.tcp(3).build(), Origin.KERNEL, 0);

        assertThat(encode(alive)).isEqualTo(Handle.GONE);
        assertThat(encode(dead)).isEqualTo(Handle.GONE);
        assertThat(encode(again)).isEqualTo(MessageType.FLOW_NEW);
        assertThat(cache.size()).isEqualTo(1);
        assertThat(cache.pinned()).isZero();
    }

    @Test
    void aFlowTooBigToKeepIsRefusedAndCounted() {
        assertThat(cache.onNew(Flows.tcp(1).labels(new int[2000]).build(), Origin.KERNEL, 0))
                .isEqualTo(Handle.NONE);
        assertThat(cache.stats().createFailedSize()).isEqualTo(1);
        assertThat(cache.stats().createFailed()).isEqualTo(1);
    }

    @Test
    void aDumpTellsWhenAnEntryCame() {
        cache.onNew(Flows.tcp(1).build(), Origin.KERNEL, 1_000_000_000L);
        cache.onUpdate(Flows.tcp(1).build(), Origin.KERNEL, 3_000_000_000L);
        List<CacheEntry> entries = new ArrayList<>();
        cache.forEachEntry(new Cursor(), 10, entries::add);
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).activeSeconds(4_500_000_000L)).isEqualTo(3);
        assertThat(entries.get(0).updatedNanos()).isEqualTo(3_000_000_000L);
        assertThat(entries.get(0).status()).isEqualTo(EntryStatus.ALIVE);
    }

    @Test
    void anEntryKnowsWhetherItBelongsToAnother() {
        Tuple tuple6 = new Tuple(Family.IPV6, 1, 2, 3, 4, Protocol.TCP, 5, 6);
        for (Flow flow : List.of(Flows.tcp(1).build(), Flow.builder(tuple6).build())) {
            Flow related = flow.toBuilder().master(flow.original().inverted()).build();
            assertThat(cache.isRelated(cache.onNew(flow, Origin.KERNEL, 0))).isFalse();
            assertThat(cache.isRelated(cache.onUpdate(related, Origin.KERNEL, 0)))
                    .isTrue();
        }
        assertThat(cache.isRelated(Handle.NONE)).isFalse();
    }

    private List<Long> toSend() {
        List<Long> handles = new ArrayList<>();
        Cursor cursor = new Cursor();
        while (!cursor.isDone()) {
            cache.forEachToSend(cursor, 1, handles::add);
        }
        return handles;
    }

    private int encode(long handle) {
        return cache.encode(handle, Unpooled.buffer());
    }

    private Flow sent(long handle) {
        ByteBuf out = Unpooled.buffer();
        assertThat(cache.encode(handle, out)).isNotEqualTo(Handle.GONE);
        FlowBuilder builder = new FlowBuilder();
        assertThat(new FlowDecoder(WireProfile.V1_4_7).decode(out, builder)).isNull();
        return builder.build();
    }
}
