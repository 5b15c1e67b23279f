// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ErrorQueueTest {
    private final ErrorQueue queue = new ErrorQueue(3);

    private void add(String... chunks) {
        for (String chunk : chunks) {
            queue.add(Unpooled.copiedBuffer(chunk, StandardCharsets.US_ASCII));
        }
    }

    private List<String> takeAll() {
        List<String> all = new ArrayList<>();
        for (ByteBuf first = queue.first(); first != null; first = queue.first()) {
            all.add(first.toString(StandardCharsets.US_ASCII));
            queue.remove();
        }
        return all;
    }

    @Test
    void chunksComeOutInOrderAndTheOldestIsLostWhenItIsFull() {
        add("one", "two", "three, which is long", "four", "five");
        assertThat(queue.overflow()).isEqualTo(2);
        assertThat(takeAll()).containsExactly("three, which is long", "four", "five");
        add("six", "a chunk longer than any before it", "seven");
        assertThat(takeAll()).containsExactly("six", "a chunk longer than any before it", "seven");
        assertThat(queue.overflow()).isEqualTo(2);
    }

    @Test
    void aChunkOfWhichAPartHasLeftIsNeverLost() {
        add("one", "two", "three");
        Objects.requireNonNull(queue.first()).skipBytes(1);
        add("four", "five");
        assertThat(queue.overflow()).isEqualTo(2);
        assertThat(takeAll()).containsExactly("ne", "four", "five");
        ErrorQueue one = new ErrorQueue(1);
        one.add(Unpooled.copiedBuffer("one", StandardCharsets.US_ASCII));
        Objects.requireNonNull(one.first()).skipBytes(1);
        one.add(Unpooled.copiedBuffer("two", StandardCharsets.US_ASCII));
        assertThat(Objects.requireNonNull(one.first()).toString(StandardCharsets.US_ASCII))
                .isEqualTo("ne");
        assertThat(one.overflow()).isEqualTo(1);
    }

    @Test
    void onANewConnectionItBeginsAgain() {
        queue.rewind();
        add("one");
        Objects.requireNonNull(queue.first()).skipBytes(2);
        queue.rewind();
        assertThat(takeAll()).containsExactly("one");
    }

    @Test
    void whatIsForgottenIsLost() {
        add("one", "two");
        queue.clear();
        assertThat(queue.first()).isNull();
        assertThat(queue.overflow()).isEqualTo(2);
        assertThat(queue.limit()).isEqualTo(3);
    }
}
