// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.wire.ExpectationEncoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.Unprotected;
import io.keepstate.flow.wire.WireOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InternalExpectationsTest {
    private final InternalExpectations cache =
            new InternalExpectations(10, new ExpectationEncoder(WireOptions.DEFAULT));
    private final ByteBuf out = Unpooled.buffer();

    @Test
    void oneIsSentAsNewThenAsUpdateThenAsDestroyed() {
        long handle = cache.onNew(expectation("short"), 0);
        assertThat(cache.encode(handle, out)).isEqualTo(MessageType.EXPECTATION_NEW);
        assertThat(cache.onUpdate(expectation("short"), 0)).isEqualTo(handle);
        assertThat(cache.encode(handle, out)).isEqualTo(MessageType.EXPECTATION_UPDATE);
        assertThat(cache.onDestroy(expectation("short"))).isEqualTo(handle);
        assertThat(cache.encode(handle, out)).isEqualTo(MessageType.EXPECTATION_DESTROY);
        assertThat(cache.pinned()).isEqualTo(1);
        cache.released(handle);
        assertThat(cache.pinned()).isZero();
    }

    /** No session holds what was never offered, so none would let it go. */
    @Test
    void oneThatTheWireCannotCarryIsCountedNeverOfferedAndLeavesNothingBehind() {
        Expectation unsendable = expectation("a-function-of-more-than-27-characters");
        assertThat(cache.onNew(unsendable, 0)).isEqualTo(Handle.NONE);
        assertThat(cache.onUpdate(unsendable, 0)).isEqualTo(Handle.NONE);
        assertThat(cache.handles()).isEmpty();
        assertThat(cache.size()).isEqualTo(1);
        assertThat(cache.unprotected()).isEqualTo(Map.of(Unprotected.LONG_FUNCTION, 1));
        assertThat(cache.onDestroy(unsendable)).isEqualTo(Handle.NONE);
        assertThat(cache.unprotected()).isEmpty();
        assertThat(cache.size() + cache.pinned()).isZero();
    }

    @Test
    void aSweepEndsWhatWasNotRenewed() {
        cache.onNew(expectation("a-function-of-more-than-27-characters"), 0);
        cache.mark();
        assertThat(cache.expireNotRenewed()).isEmpty();
        long handle = cache.onNew(expectation("short"), 0);
        cache.mark();
        assertThat(cache.expireNotRenewed()).containsExactly(handle);
        assertThat(cache.size()).isZero();
        assertThat(cache.stats().destroyed()).isEqualTo(2);
    }

    private static Expectation expectation(String function) {
        return Expectation.builder(Flows.tuple(2), Expectation.exactMask(Flows.tuple(2)), Flows.tuple(1))
                .function(function)
                .build();
    }
}
