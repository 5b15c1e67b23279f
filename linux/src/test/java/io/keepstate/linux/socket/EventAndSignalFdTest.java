// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EventAndSignalFdTest {
    @Test
    void signalsAddUpUntilDrained() {
        try (EventFd event = EventFd.open()) {
            assertThat(event.drain()).isZero();
            event.signal();
            event.signal();
            assertThat(event.drain()).isEqualTo(2);
            assertThat(event.drain()).isZero();
        }
    }

    @Test
    void closingTwiceAndSignallingAfterwardsIsHarmless() {
        EventFd event = EventFd.open();
        event.close();
        event.close();
        assertThatCode(event::signal).doesNotThrowAnyException();
        assertThatThrownBy(event::fd).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void noSignalWaitingReadsAsZero() {
        SignalFd signals = SignalFd.open(SignalFd.SIGRTMIN + 2);
        assertThat(signals.next()).isZero();
        signals.close();
        assertThatThrownBy(signals::next).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nonsenseSignalIsRefused() {
        assertThatThrownBy(() -> SignalFd.open(65)).hasMessageContaining("65");
        assertThatThrownBy(() -> SignalFd.block(0)).hasMessageContaining("0");
    }
}
