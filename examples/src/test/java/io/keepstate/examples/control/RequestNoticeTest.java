// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The lines conntrackd logs when it is asked for something. */
class RequestNoticeTest {
    @Test
    void ordersAreTold() {
        assertThat(RequestNotice.of(ControlRequest.COMMIT, false, 5)).containsExactly("committing all external caches");
        assertThat(RequestNotice.of(ControlRequest.RESET_TIMERS, false, 5))
                .containsExactly("flushing conntrack table in 5 secs");
        assertThat(RequestNotice.of(ControlRequest.RESYNC_KERNEL, true, 5))
                .containsExactly("resync with master conntrack table", "resync with master expect table");
    }

    @Test
    void expectationsAreNotSpokenOfWhereTheyAreNotSynchronised() {
        assertThat(RequestNotice.of(ControlRequest.RESYNC_KERNEL, false, 5))
                .containsExactly("resync with master conntrack table");
        assertThat(RequestNotice.of(ControlRequest.COMMIT_EXPECTATIONS, false, 5))
                .isEmpty();
    }

    @Test
    void questionsAreNot() {
        assertThat(RequestNotice.of(ControlRequest.STATS, true, 5)).isEmpty();
        assertThat(RequestNotice.of(ControlRequest.DUMP_INTERNAL, true, 5)).isEmpty();
    }
}
