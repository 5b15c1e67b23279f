// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CommandQueueTest {
    private final CommandQueue<List<String>> commands =
            new CommandQueue<>(2, LoggerFactory.getLogger(CommandQueueTest.class), "the test");
    private final List<String> target = new ArrayList<>();

    @Test
    void commandsAreCarriedOutInOrderByTheOneWhoRunsThem() {
        commands.offer(to -> to.add("first"));
        commands.offer(to -> to.add("second"));
        assertThat(target).isEmpty();
        assertThat(commands.run(target)).isEqualTo(2);
        assertThat(target).containsExactly("first", "second");
        assertThat(commands.run(target)).isZero();
    }

    @Test
    void beyondTheLimitACommandIsRefused() {
        assertThat(commands.offer(to -> {})).isTrue();
        assertThat(commands.offer(to -> {})).isTrue();
        assertThat(commands.offer(to -> {})).isFalse();
    }

    @Test
    void oneThatFailsDoesNotKeepTheNextFromRunning() {
        commands.offer(to -> {
            throw new IllegalStateException("somebody else's mistake");
        });
        commands.offer(to -> to.add("next"));
        assertThat(commands.run(target)).isEqualTo(2);
        assertThat(target).containsExactly("next");
    }
}
