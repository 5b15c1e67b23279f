// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.testkit.arbitraries.FlowArbitraries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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

/** The external cache against a plain map, over any history of messages, sweeps and flushes. */
class ExternalCachePropertyTest {
    private static final int LIMIT = 6;

    private static final List<Tuple> KEYS = Histories.KEYS;

    /** A message of the peer by its type, or something we do ourselves. */
    private record Step(int action, Flow flow) {
        static final int MARK = 10;
        static final int SWEEP = 11;
        static final int FLUSH = 12;
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Integer> actions = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(8, MessageType.FLOW_NEW),
                net.jqwik.api.Tuple.of(8, MessageType.FLOW_UPDATE),
                net.jqwik.api.Tuple.of(5, MessageType.FLOW_DESTROY),
                net.jqwik.api.Tuple.of(1, Step.MARK),
                net.jqwik.api.Tuple.of(1, Step.SWEEP),
                net.jqwik.api.Tuple.of(1, Step.FLUSH));
        return Combinators.combine(actions, FlowArbitraries.flowsAmong(KEYS))
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
        model.checkCommit();
    }

    /** What the cache should hold, kept the plain way. */
    private static final class Model {
        private final ExternalCache cache = new ExternalCache(
                ExternalCacheConfig.DEFAULT.withHashLimit(LIMIT), new FlowDecoder(WireProfile.V1_4_7));
        private final Map<FlowKey, Flow> flows = new HashMap<>();
        private final Set<FlowKey> renewed = new HashSet<>();
        private final Map<Long, FlowKey> handles = new HashMap<>();
        private int mark;
        private long full;
        private final Set<FlowKey> roomless = new HashSet<>();
        private final Set<FlowKey> roomlessSinceMark = new HashSet<>();
        private boolean marked;

        void apply(Step step) {
            switch (step.action()) {
                case Step.MARK -> {
                    mark = cache.mark();
                    renewed.clear();
                    roomlessSinceMark.clear();
                    marked = true;
                }
                case Step.SWEEP -> {
                    cache.forEachNotRenewed(mark, new Cursor(), Integer.MAX_VALUE, cache::remove);
                    cache.swept();
                    if (mark > 0) {
                        flows.keySet().retainAll(renewed);
                    }
                    if (marked) {
                        roomless.retainAll(roomlessSinceMark);
                        marked = false;
                    }
                }
                case Step.FLUSH -> {
                    cache.flush();
                    flows.clear();
                    roomless.clear();
                    roomlessSinceMark.clear();
                }
                default -> message(step);
            }
        }

        private void message(Step step) {
            FlowKey key = step.flow().key();
            Flow flow = Histories.kept(step.flow());
            Applied applied = cache.onFlow(step.action(), step.flow(), 0);
            if (step.action() == MessageType.FLOW_DESTROY) {
                assertThat(applied).isEqualTo(flows.remove(key) == null ? Applied.NOT_KNOWN : Applied.REMOVED);
                renewed.remove(key);
                roomless.remove(key);
                roomlessSinceMark.remove(key);
                return;
            }
            Flow old = flows.get(key);
            if (old == null && flows.size() == LIMIT) {
                assertThat(applied).isEqualTo(Applied.FULL);
                full++;
                roomless.add(key);
                roomlessSinceMark.add(key);
                return;
            }
            roomless.remove(key);
            roomlessSinceMark.remove(key);
            boolean update = step.action() == MessageType.FLOW_UPDATE;
            flows.put(key, update && old != null ? old.toBuilder().update(flow).build() : flow);
            renewed.add(key);
            assertThat(applied).isEqualTo(old == null ? Applied.ADDED : update ? Applied.UPDATED : Applied.REPLACED);
        }

        void check() {
            assertThat(cache.size()).isEqualTo(flows.size());
            assertThat(cache.stats().createFailedFull()).isEqualTo(full);
            assertThat(cache.refusedFlows()).as("flows without room").isEqualTo(roomless.size());
            assertThat(cache.isRefillDue()).isEqualTo(!roomless.isEmpty() && flows.size() < LIMIT);
            Map<FlowKey, Flow> dump = new HashMap<>();
            cache.forEachEntry(new Cursor(), Integer.MAX_VALUE, entry -> {
                FlowKey key = entry.flow().key();
                dump.put(key, entry.flow());
                assertThat(handles.getOrDefault(entry.handle(), key))
                        .as("a handle never changes its flow")
                        .isEqualTo(key);
                handles.put(entry.handle(), key);
            });
            assertThat(dump).isEqualTo(flows);
            handles.forEach((handle, key) -> {
                Flow flow = cache.flow(handle);
                assertThat(flow == null || flow.equals(flows.get(key))).isTrue();
            });
        }

        /** Every flow once, masters first; a lifetime, where one was told, is one the kernel takes. */
        void checkCommit() {
            List<FlowKey> order = new ArrayList<>();
            CommitCursor cursor = cache.startCommit();
            while (!cursor.isDone()) {
                cache.forEachToCommit(cursor, 2, handle -> {
                    Flow flow = cache.flowFor(handle, 0);
                    if (flow.has(Attribute.TIMEOUT)) {
                        assertThat(flow.get(Attribute.TIMEOUT)).isPositive();
                    }
                    order.add(flow.key());
                });
            }
            assertThat(order).containsExactlyInAnyOrderElementsOf(flows.keySet());
        }
    }
}
