// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.Unprotected;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.testkit.arbitraries.FlowArbitraries;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** The internal cache against a plain map, over any history of events, releases, flushes and sweeps. */
class InternalCachePropertyTest {
    private static final int LIMIT = 5;
    private static final int PINNED_LIMIT = 3;
    private static final FlowEncoder ENCODER = new FlowEncoder(WireProfile.V1_4_7, WireOptions.DEFAULT);

    private static final List<Tuple> KEYS = Histories.KEYS;

    private enum Action {
        NEW,
        UPDATE,
        DESTROY,
        RELEASE,
        FLUSH,
        /** The kernel's table is read from its beginning to its end. */
        REREAD
    }

    private record Step(Action action, Flow flow, Origin origin) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Action> actions = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(10, Action.NEW),
                net.jqwik.api.Tuple.of(10, Action.UPDATE),
                net.jqwik.api.Tuple.of(8, Action.DESTROY),
                net.jqwik.api.Tuple.of(6, Action.RELEASE),
                net.jqwik.api.Tuple.of(1, Action.FLUSH),
                net.jqwik.api.Tuple.of(1, Action.REREAD));
        Arbitrary<Origin> origins = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(8, Origin.KERNEL),
                net.jqwik.api.Tuple.of(1, Origin.COMMIT),
                net.jqwik.api.Tuple.of(1, Origin.FLUSH));
        return Combinators.combine(actions, FlowArbitraries.flowsAmong(KEYS), origins)
                .as(Step::new)
                .list()
                .ofMaxSize(80);
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void anyHistoryGivesWhatAMapGives(@ForAll("histories") List<Step> history) {
        Model model = new Model();
        for (Step step : history) {
            model.apply(step);
            model.check();
        }
    }

    /** What the cache should hold, kept the plain way. */
    private static final class Model {
        private final InternalCache cache = new InternalCache(
                InternalCacheConfig.DEFAULT.withHashLimit(LIMIT).withPinnedLimit(PINNED_LIMIT), ENCODER);
        private final Map<FlowKey, Entry> living = new HashMap<>();
        private final LinkedHashMap<FlowKey, Entry> dead = new LinkedHashMap<>();
        private final Set<Long> handles = new HashSet<>();
        /** Living flows that found no room. */
        private final Set<FlowKey> roomless = new HashSet<>();

        private long refused;
        private long givenUp;
        private long created;
        private long destroyed;

        private record Entry(Flow flow, EntryStatus status) {}

        void apply(Step step) {
            Flow flow = step.flow();
            FlowKey key = flow.key();
            switch (step.action()) {
                case NEW -> {
                    boolean told = step.origin() == Origin.KERNEL || roomless.contains(key);
                    boolean sent = onNew(key, Histories.kept(flow)) && told;
                    returned(cache.onNew(flow, step.origin(), 0), sent, key);
                }
                case UPDATE -> {
                    boolean told = step.origin() == Origin.KERNEL || roomless.contains(key);
                    boolean sent = onUpdate(key, Histories.kept(flow)) && told;
                    returned(cache.onUpdate(flow, step.origin(), 0), sent, key);
                }
                case DESTROY -> {
                    boolean sent = onDestroy(key, step.origin());
                    returned(cache.onDestroy(flow, step.origin()), sent, key);
                }
                case RELEASE -> release(key);
                case FLUSH -> {
                    destroyed += living.size();
                    living.clear();
                    dead.clear();
                    roomless.clear();
                    cache.flush();
                }
                case REREAD -> reread(flow);
            }
        }

        /** A dump that shows what is known and one more; what it does not show, of what found no room, has ended. */
        private void reread(Flow one) {
            cache.mark();
            Map<FlowKey, Flow> shown = new LinkedHashMap<>();
            living.forEach((key, entry) -> shown.put(key, entry.flow()));
            shown.put(one.key(), one);
            Set<FlowKey> untold = Set.copyOf(roomless);
            roomless.clear();
            shown.values().forEach(flow -> {
                boolean sent = onUpdate(flow.key(), Histories.kept(flow)) && untold.contains(flow.key());
                returned(cache.onUpdate(flow, Origin.COMMIT, 0), sent, flow.key());
            });
            cache.swept();
        }

        private boolean onNew(FlowKey key, Flow flow) {
            if (!living.containsKey(key)) {
                if (living.size() == LIMIT) {
                    refused++;
                    roomless.add(key);
                    return false;
                }
                dead.remove(key);
                roomless.remove(key);
            } else {
                destroyed++;
            }
            created++;
            living.put(key, new Entry(flow, EntryStatus.NEW));
            return isSendable(flow);
        }

        private boolean onUpdate(FlowKey key, Flow flow) {
            Entry old = living.get(key);
            if (old == null) {
                return onNew(key, flow);
            }
            Flow merged = old.flow().toBuilder().update(flow).build();
            living.put(key, new Entry(merged, EntryStatus.ALIVE));
            return isSendable(merged);
        }

        private boolean onDestroy(FlowKey key, Origin origin) {
            roomless.remove(key);
            Entry old = living.remove(key);
            if (old == null) {
                return false;
            }
            destroyed++;
            if (origin != Origin.KERNEL || !isSendable(old.flow())) {
                return false;
            }
            if (dead.size() == PINNED_LIMIT) {
                givenUp++;
                dead.remove(dead.keySet().iterator().next());
            }
            dead.put(key, new Entry(old.flow(), EntryStatus.DEAD));
            return true;
        }

        private void release(FlowKey key) {
            for (long handle : handles) {
                Flow flow = cache.flow(handle);
                if (flow != null && flow.key().equals(key)) {
                    cache.released(handle);
                    dead.remove(key);
                    return;
                }
            }
        }

        private void returned(long handle, boolean expected, FlowKey key) {
            assertThat(handle != Handle.NONE).as("something to send").isEqualTo(expected);
            if (handle != Handle.NONE) {
                handles.add(handle);
                assertThat(cache.flow(handle).key()).isEqualTo(key);
            }
        }

        void check() {
            assertThat(cache.size()).isEqualTo(living.size());
            assertThat(cache.pinned()).isEqualTo(dead.size());
            assertThat(cache.stats().createFailed()).isEqualTo(refused);
            assertThat(cache.stats().created()).isEqualTo(created);
            assertThat(cache.stats().destroyed()).isEqualTo(destroyed);
            assertThat(cache.pinnedGivenUp()).isEqualTo(givenUp);
            assertThat(cache.refusedFlows()).as("flows without room").isEqualTo(roomless.size());
            int room = LIMIT - living.size();
            assertThat(cache.isRefillDue()).isEqualTo(!roomless.isEmpty() && room >= 1);
            checkUnprotected();
            Map<FlowKey, Flow> dump = new HashMap<>();
            cache.forEachEntry(new Cursor(), Integer.MAX_VALUE, entry -> {
                assertThat(dump.put(entry.flow().key(), entry.flow())).isNull();
                assertThat(entry.status())
                        .isEqualTo(living.get(entry.flow().key()).status());
            });
            assertThat(dump).hasSize(living.size());
            living.forEach((key, entry) -> assertThat(dump).containsEntry(key, entry.flow()));
            Set<FlowKey> answered = new HashSet<>();
            for (long handle : handles) {
                checkHandle(handle, answered);
            }
        }

        private void checkUnprotected() {
            for (Unprotected reason : Unprotected.values()) {
                long expected = living.values().stream()
                        .filter(entry -> ENCODER.withheld(entry.flow()) == reason)
                        .count();
                assertThat(cache.unprotected(reason)).as(reason.name()).isEqualTo((int) expected);
            }
        }

        /** A handle ever given speaks for one present flow of its own, or is gone. */
        private void checkHandle(long handle, Set<FlowKey> answered) {
            ByteBuf out = Unpooled.buffer();
            int type = cache.encode(handle, out);
            Flow flow = cache.flow(handle);
            if (flow == null) {
                assertThat(type).isEqualTo(Handle.GONE);
                return;
            }
            FlowKey key = flow.key();
            assertThat(answered.add(key)).as("one handle for one flow").isTrue();
            Entry entry = living.getOrDefault(key, dead.get(key));
            assertThat(flow).isEqualTo(entry.flow());
            if (!isSendable(flow)) {
                assertThat(type).isEqualTo(Handle.GONE);
                return;
            }
            assertThat(type)
                    .isEqualTo(
                            switch (entry.status()) {
                                case NEW -> MessageType.FLOW_NEW;
                                case ALIVE -> MessageType.FLOW_UPDATE;
                                case DEAD -> MessageType.FLOW_DESTROY;
                            });
            ByteBuf expected = Unpooled.buffer();
            ENCODER.encode(entry.flow(), expected);
            assertThat(ByteBufUtil.hexDump(out)).isEqualTo(ByteBufUtil.hexDump(expected));
        }

        private static boolean isSendable(Flow flow) {
            Unprotected reason = ENCODER.withheld(flow);
            return reason == null || !reason.isWhole();
        }
    }
}
