// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.node.port.Waker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundedQueueTest {
    @Test
    void givesMessagesInOrderAndWakesTheOtherSide() {
        int[] woken = {0};
        BoundedQueue<String> queue = new BoundedQueue<>(4, () -> woken[0]++);
        queue.offer("a");
        queue.offer("b");
        assertThat(woken[0]).isEqualTo(2);
        assertThat(queue.poll()).isEqualTo("a");
        assertThat(queue.poll()).isEqualTo("b");
        assertThat(queue.poll()).isNull();
    }

    @Test
    void refusesAndCountsWhenFull() {
        BoundedQueue<Integer> queue = new BoundedQueue<>(4, Waker.NONE);
        for (int i = 0; i < 4; i++) {
            assertThat(queue.offer(i)).isTrue();
        }
        assertThat(queue.offer(4)).isFalse();
        assertThat(queue.timesFull()).isEqualTo(1);
        assertThat(queue.poll()).isZero();
        assertThat(queue.offer(5)).isTrue();
    }

    @Test
    void carriesEveryMessageBetweenTwoThreads() throws InterruptedException {
        BoundedQueue<Integer> queue = new BoundedQueue<>(16, Waker.NONE);
        int count = 50_000;
        List<Integer> got = new ArrayList<>(count);
        Thread reader = new Thread(() -> {
            while (got.size() < count) {
                Integer message = queue.poll();
                if (message == null) {
                    Thread.onSpinWait();
                } else {
                    got.add(message);
                }
            }
        });
        reader.start();
        for (int i = 0; i < count; ) {
            if (queue.offer(i)) {
                i++;
            } else {
                Thread.onSpinWait();
            }
        }
        reader.join();
        for (int i = 0; i < count; i++) {
            assertThat(got.get(i)).isEqualTo(i);
        }
    }
}
