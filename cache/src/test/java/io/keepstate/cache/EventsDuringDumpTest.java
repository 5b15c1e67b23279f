// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import org.junit.jupiter.api.Test;

/** What of a dump is older than the events that were read beside it. */
class EventsDuringDumpTest {
    private final EventsDuringDump events = new EventsDuringDump(7);

    private static Flow flow(int number) {
        return Flows.tcp(number).build();
    }

    @Test
    void whatAnEventToldOfBetweenTwoSlicesIsOutdatedInTheNextTwo() {
        events.begin();
        events.onEvent(flow(1));
        assertThat(events.isOutdated(flow(1))).isTrue();
        assertThat(events.isOutdated(flow(2))).isFalse();
        events.onEvent(flow(2));
        assertThat(events.isOutdated(flow(1))).isTrue();
        assertThat(events.isOutdated(flow(2))).isTrue();
        events.onEvent(flow(3));
        assertThat(events.isOutdated(flow(1)))
                .as("the kernel made this part after the event")
                .isFalse();
        assertThat(events.outdated()).isEqualTo(3);
    }

    @Test
    void turnsWithoutASliceForgetNothing() {
        events.begin();
        events.isOutdated(flow(9));
        for (int number = 1; number <= 5; number++) {
            events.onEvent(flow(number));
        }
        for (int number = 1; number <= 5; number++) {
            assertThat(events.isOutdated(flow(number))).isTrue();
        }
    }

    @Test
    void aFlowOfAnotherZoneIsAnotherFlow() {
        events.begin();
        events.onEvent(Flows.tcp(1).zone(3).build());
        assertThat(events.isOutdated(flow(1))).isFalse();
    }

    @Test
    void outsideADumpNothingIsRemembered() {
        events.onEvent(flow(1));
        events.begin();
        assertThat(events.isOutdated(flow(1))).isFalse();
        events.onEvent(flow(2));
        assertThat(events.end()).isTrue();
        events.begin();
        assertThat(events.isOutdated(flow(2))).isFalse();
    }

    @Test
    void moreThanTheLimitIsCountedAndSaid() {
        events.begin();
        for (int number = 0; number < EventsDuringDump.LIMIT + 2; number++) {
            events.onEvent(flow(number));
        }
        events.onEvent(flow(0));
        assertThat(events.forgotten()).isEqualTo(2);
        assertThat(events.isOutdated(flow(EventsDuringDump.LIMIT - 1))).isTrue();
        assertThat(events.isOutdated(flow(EventsDuringDump.LIMIT))).isFalse();
        assertThat(events.end()).isFalse();
        events.begin();
        assertThat(events.end()).isTrue();
    }
}
