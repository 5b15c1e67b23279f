// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandleIndexTest {
    @Test
    void behavesAsAMapThroughGrowthAndDeletions() {
        Random random = new Random(7);
        HandleIndex index = new HandleIndex(4);
        Map<Long, Integer> model = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            // Few keys, some of them with equal low bits, so that runs of colliding slots form and are broken up.
            long key = random.nextInt(300) * (random.nextBoolean() ? 1L : 1L << 40);
            if (random.nextBoolean()) {
                if (model.putIfAbsent(key, step) == null) {
                    index.add(key, step);
                }
            } else {
                model.remove(key);
                index.remove(key);
            }
            assertThat(index.get(key)).isEqualTo(model.getOrDefault(key, HandleIndex.NONE));
        }
        assertThat(index.size()).isEqualTo(model.size());
        model.forEach((key, value) -> assertThat(index.get(key)).isEqualTo(value));
    }
}
