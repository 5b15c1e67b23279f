// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.RejectCounters;
import io.keepstate.vrrp.codec.RejectReason;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Counters that one thread adds and takes away while another one reads them. */
class SharedRejectsTest {

    private final SharedRejects rejects = new SharedRejects();

    @Test
    void who_has_gone_counts_no_more() {
        Object one = "one";
        Object two = "two";
        rejects.add(one, counted(RejectReason.BAD_TTL));
        rejects.add(two, counted(RejectReason.BAD_TTL, RejectReason.WRONG_VRID));
        assertThat(rejects.total()).isEqualTo(Map.of(RejectReason.BAD_TTL, 2L, RejectReason.WRONG_VRID, 1L));
        assertThat(rejects.of(one)).isEqualTo(Map.of(RejectReason.BAD_TTL, 1L));
        rejects.remove(two);
        assertThat(rejects.total()).isEqualTo(Map.of(RejectReason.BAD_TTL, 1L));
        assertThat(rejects.of(two)).isEmpty();
    }

    @Test
    void one_thread_may_ask_while_another_one_opens_and_closes() throws InterruptedException {
        rejects.add("stays", counted(RejectReason.BAD_TTL));
        AtomicBoolean asking = new AtomicBoolean(true);
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Void> loop = CompletableFuture.runAsync(() -> {
            Object[] owners = new Object[50];
            while (asking.get()) {
                for (int i = 0; i < owners.length; i++) {
                    owners[i] = new Object();
                    rejects.add(owners[i], new RejectCounters());
                }
                for (Object owner : owners) {
                    rejects.remove(owner);
                }
                running.countDown();
            }
        });
        running.await();
        try {
            for (int i = 0; i < 5_000; i++) {
                assertThat(rejects.total()).isEqualTo(Map.of(RejectReason.BAD_TTL, 1L));
                assertThat(rejects.of("stays")).isEqualTo(Map.of(RejectReason.BAD_TTL, 1L));
            }
        } finally {
            asking.set(false);
        }
        loop.join();
    }

    private static RejectCounters counted(RejectReason... reasons) {
        RejectCounters counters = new RejectCounters();
        for (RejectReason reason : reasons) {
            counters.count(reason);
        }
        return counters;
    }
}
