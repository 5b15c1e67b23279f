// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.takeover;

import static io.keepstate.node.Milliseconds.ms;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PurgeTimerTest {
    private final List<String> log = new ArrayList<>();
    private final List<PurgeTimer.Purge.Done> purges = new ArrayList<>();
    private final PurgeTimer timer = new PurgeTimer(Duration.ofSeconds(5), purges::add, event -> log.add(event.text()));

    @Test
    void purgesWhenItsTimeHasCome() {
        timer.arm("no group of this node is active", ms(100));
        assertThat(timer.isPending()).isTrue();
        timer.doWork(ms(5099));
        assertThat(purges).isEmpty();
        timer.doWork(ms(5100));
        assertThat(purges).hasSize(1);
        assertThat(timer.isPending()).isTrue();
        timer.doWork(ms(5150));
        purges.get(0).done(321, null);
        assertThat(timer.isPending()).isFalse();
        assertThat(log)
                .containsExactly(
                        "purge of the kernel's flows in 5000 ms (no group of this node is active)",
                        "purged 321 flows from the kernel in 50 ms");
    }

    @Test
    void aSecondRequestWhilePendingChangesNothing() {
        timer.arm("first", ms(0));
        timer.arm("second", ms(4000));
        timer.doWork(ms(5000));
        assertThat(purges).hasSize(1);
        assertThat(log).hasSize(1);
    }

    @Test
    void isCancelledByATakeover() {
        timer.arm("backup", ms(0));
        timer.cancel("G1 was taken over");
        timer.doWork(ms(9000));
        assertThat(purges).isEmpty();
        assertThat(timer.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(log).last().isEqualTo("purge cancelled (G1 was taken over)");
        timer.cancel("again");
        assertThat(log).hasSize(2);
    }

    @Test
    void saysWhatFailed() {
        timer.arm("backup", 0);
        timer.doWork(ms(5000));
        purges.get(0).done(1, "3 flows could not be deleted (EPERM)");
        assertThat(log).last().isEqualTo("purge failed: 3 flows could not be deleted (EPERM)");
    }
}
