// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TakeoverLogTest {
    private final TakeoverLog log = new TakeoverLog();

    @Test
    void theStepsComeFromTheDaemonsOwnTimes() {
        log.accept("2026-11-22T17:00:03.600+01:00 INFO takeover of G1: elected (the active node fell silent)", 9);
        log.accept("2026-11-22T17:00:03.650+0100 INFO takeover of G1: committed 104 flows, 0 refused, in 45 ms", 9);
        log.accept("2026-11-22T16:00:03.661Z INFO takeover of G1: addresses up after 61 ms", 9);
        log.addressesSeen(17);
        long second = Instant.parse("2026-11-22T16:00:03Z").toEpochMilli();
        assertThat(log.times()).isEqualTo(new TakeoverTimes(second + 600, second + 650, second + 661, 104));
    }

    @Test
    void aLineWithoutATimeCountsWhenItArrives() {
        log.accept("takeover of G1: elected (priority 0)", 5);
        log.addressesSeen(17);
        assertThat(log.times()).isEqualTo(new TakeoverTimes(5, 0, 17, 0));
    }

    @Test
    void keepalivedIsElectedWithItsFirstInstance() {
        log.accept("Sun Nov 22 16:39:27 2026: (E1) Entering MASTER STATE", 100);
        log.accept("Sun Nov 22 16:39:27 2026: (I1) Entering MASTER STATE", 104);
        log.accept("[Sun Nov 22 16:39:27 2026] (pid=11) [notice] Committed 104 new entries", 150);
        assertThat(log.times()).isEqualTo(new TakeoverTimes(100, 150, 0, 104));
    }

    @Test
    void otherLinesSayNothingAndAResetForgets() {
        log.accept("G1: backup (priority 100 heard)", 1);
        log.accept("", 2);
        assertThat(log.times()).isEqualTo(TakeoverTimes.NONE);
        log.accept("takeover of G1: elected (priority 0)", 5);
        log.reset();
        assertThat(log.times()).isEqualTo(TakeoverTimes.NONE);
    }
}
