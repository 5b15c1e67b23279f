// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.FlowKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlowTableTest {
    private final FlowTable table = new FlowTable(Handle.INTERNAL, 42);

    @Test
    void tensOfThousandsOfFlowsOfManySizesComeAndGoAndNoneIsLostOrMixedUp() {
        Random random = new Random(11);
        Map<FlowKey, Integer> slots = new HashMap<>();
        Map<FlowKey, Flow> flows = new HashMap<>();
        Map<Long, FlowKey> stale = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            Flow flow = flow(random);
            FlowKey key = flow.key();
            int slot = table.find(flow.original(), flow.originalZone());
            assertThat(slot).isEqualTo(slots.getOrDefault(key, FlowTable.NOT_FOUND));
            if (slot == FlowTable.NOT_FOUND) {
                slots.put(key, table.add(flow));
                flows.put(key, flow);
            } else if (random.nextInt(3) == 0) {
                stale.put(table.handle(slot), key);
                table.remove(slot);
                slots.remove(key);
                flows.remove(key);
            } else {
                assertThat(table.replace(slot, flow)).isTrue();
                flows.put(key, flow);
            }
        }
        assertThat(table.size()).isEqualTo(flows.size()).isGreaterThan(10_000);
        flows.forEach((key, flow) -> assertThat(table.flow(slots.get(key))).isEqualTo(flow));
        stale.keySet().forEach(handle -> assertThat(table.slot(handle)).isEqualTo(FlowTable.NOT_FOUND));
    }

    @Test
    void memoryOfRemovedFlowsIsUsedAgain() {
        Random random = new Random(12);
        for (int i = 0; i < 5; i++) {
            fill(random);
            List<Integer> used = new ArrayList<>();
            for (int slot = 0; slot < table.highWater(); slot++) {
                if (table.isUsed(slot)) {
                    used.add(slot);
                }
            }
            used.forEach(table::remove);
        }
        long grown = table.octets();
        fill(random);
        // Blocks of each size are kept for that size; a little more room may be needed.
        assertThat(table.octets()).isLessThanOrEqualTo(grown + (1 << 20));
        table.clear();
        fill(random);
        assertThat(table.octets()).isLessThanOrEqualTo(grown + (1 << 20));
    }

    private void fill(Random random) {
        for (int i = 0; i < 20_000; i++) {
            Flow flow = flow(random);
            if (table.find(flow.original(), flow.originalZone()) == FlowTable.NOT_FOUND) {
                table.add(flow);
            }
        }
    }

    private static Flow flow(Random random) {
        FlowBuilder builder = Flows.tcp(random.nextInt(40_000)).mark(random.nextInt());
        switch (random.nextInt(6)) {
            case 0 -> builder.helper("ftp");
            case 1 -> builder.labels(new int[1 + random.nextInt(300)]);
            case 2 -> builder.zone(random.nextInt(3)).master(Flows.tuple(random.nextInt()));
            default -> builder.timeoutSeconds(random.nextInt(1000));
        }
        return builder.build();
    }
}
