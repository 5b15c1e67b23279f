// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.linux.loop.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopThreadTest {
    private static final long PATIENCE_MILLIS = 30_000;

    private final List<String> happened = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aLoopThatCannotBeginSaysSoToWhoStartsItAndCleansUp() {
        try (EventLoop loop = new EventLoop("test-loop", DutyCycle.NONE, (part, times, last) -> {})) {
            LoopThread thread = new LoopThread(
                    "test-loop",
                    loop,
                    now -> {
                        throw new IllegalStateException("no such thing");
                    },
                    now -> happened.add("last"));
            assertThatThrownBy(thread::start)
                    .isInstanceOf(NodeStartException.class)
                    .hasMessageContaining("no such thing");
            assertThat(thread.stop(PATIENCE_MILLIS)).isTrue();
        }
        assertThat(happened).containsExactly("last");
    }

    @Test
    void firstAndLastWorkAreDoneOnce() throws NodeStartException {
        try (EventLoop loop = new EventLoop("test-loop", DutyCycle.NONE, (part, times, last) -> {})) {
            LoopThread thread =
                    new LoopThread("test-loop", loop, now -> happened.add("first"), now -> happened.add("last"));
            thread.start();
            assertThat(thread.stop(PATIENCE_MILLIS)).isTrue();
        }
        assertThat(happened).containsExactly("first", "last");
    }
}
