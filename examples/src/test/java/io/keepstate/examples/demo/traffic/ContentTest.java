// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ContentTest {
    private static final long SEED = 42;

    @Test
    void anyPieceOfTheStreamMatchesAtItsPlace() {
        for (int position : new int[] {0, 1, 7, 8, 9, 4095, 4096}) {
            ByteBuffer piece = ByteBuffer.allocate(37);
            Content.fill(SEED, position, piece);
            assertThat(piece.get(5)).isEqualTo(Content.at(SEED, position + 5L));
            assertThat(Content.matches(SEED, position, piece.flip())).isTrue();
        }
    }

    @Test
    void aShiftedAChangedAndAForeignOctetAreSeen() {
        ByteBuffer piece = ByteBuffer.allocate(100);
        Content.fill(SEED, 1000, piece);
        assertThat(Content.matches(SEED, 1001, piece.flip())).isFalse();
        assertThat(Content.matches(SEED + 1, 1000, piece.rewind())).isFalse();
        piece.put(99, (byte) ~piece.get(99));
        assertThat(Content.matches(SEED, 1000, piece.rewind())).isFalse();
    }

    @Test
    void aGreetingSurvivesTheWire() {
        Greeting greeting = new Greeting(SessionKind.IDLE, -7);
        assertThat(Greeting.decode(greeting.encode())).isEqualTo(greeting);
    }
}
