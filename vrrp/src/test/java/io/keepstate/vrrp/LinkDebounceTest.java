// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LinkDebounceTest {

    private static final InterfaceDelays DELAYS =
            new InterfaceDelays("eth0", Duration.ofSeconds(1), Duration.ofSeconds(3));

    @Test
    void without_delays_every_change_counts_at_once() {
        LinkDebounce link = new LinkDebounce(InterfaceDelays.none("eth0"), true);
        assertThat(link.onLink(true, 0)).isFalse();
        assertThat(link.onLink(false, 0)).isTrue();
        assertThat(link.isUp()).isFalse();
        assertThat(link.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(link.onLink(true, 0)).isTrue();
        assertThat(link.isUp()).isTrue();
    }

    @Test
    void a_change_counts_when_it_has_lasted() {
        LinkDebounce link = new LinkDebounce(DELAYS, true);
        assertThat(link.onLink(false, SECOND)).isFalse();
        assertThat(link.nextDeadline()).isEqualTo(2 * SECOND);
        assertThat(link.advance(2 * SECOND - 1)).isFalse();
        assertThat(link.isUp()).isTrue();
        assertThat(link.advance(2 * SECOND)).isTrue();
        assertThat(link.isUp()).isFalse();
        assertThat(link.onLink(true, 4 * SECOND)).isFalse();
        assertThat(link.nextDeadline()).isEqualTo(7 * SECOND);
        assertThat(link.advance(7 * SECOND)).isTrue();
        assertThat(link.isUp()).isTrue();
    }

    @Test
    void a_link_that_flaps_within_its_delay_never_counts_as_down() {
        LinkDebounce link = new LinkDebounce(DELAYS, true);
        for (long at = 0; at < 20 * SECOND; at += SECOND) {
            assertThat(link.onLink(false, at)).isFalse();
            assertThat(link.onLink(true, at + SECOND / 2)).isFalse();
            assertThat(link.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        }
        assertThat(link.isUp()).isTrue();
    }
}
