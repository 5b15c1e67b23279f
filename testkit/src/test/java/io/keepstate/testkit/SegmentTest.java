// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentTest {
    private final VirtualClock clock = new VirtualClock(7, 1_700_000_000_000L);
    private final Agenda agenda = new Agenda(clock);
    private final List<String> received = new ArrayList<>();

    @Test
    void everyOtherPortReceivesAfterTheDelay() {
        Segment segment = segment(1);
        Segment.Port a = segment.connect("a", d -> received.add("a"));
        segment.connect("b", d -> received.add("b" + d[0] + "@" + clock.elapsedNanos()));
        segment.connect("c", d -> received.add("c" + d[0] + "@" + clock.elapsedNanos()));
        a.send(new byte[] {5});
        run();
        assertThat(received).containsExactly("b5@100000", "c5@100000");
    }

    @Test
    void theSameSeedLosesTheSameDatagrams() {
        assertThat(lost(3)).isEqualTo(lost(3)).isNotEqualTo(lost(4));
        assertThat(lost(3).size()).isBetween(150, 250);
    }

    @Test
    void aDelayThatVariesReorders() {
        Segment segment = segment(2);
        segment.faults(new LinkFaults(0, 0, 0, 1_000_000));
        Segment.Port a = segment.connect("a", d -> {});
        segment.connect("b", d -> received.add("" + d[0]));
        for (byte i = 0; i < 20; i++) {
            a.send(new byte[] {i});
        }
        run();
        assertThat(received).hasSize(20).isNotEqualTo(received.stream().sorted().toList());
    }

    @Test
    void aOneWayPartitionLetsTheOtherWayThrough() {
        Segment segment = segment(1);
        Segment.Port a = segment.connect("a", d -> received.add("a"));
        Segment.Port b = segment.connect("b", d -> received.add("b"));
        a.partition(false, true);
        a.send(new byte[1]);
        b.send(new byte[1]);
        run();
        assertThat(received).containsExactly("a");
    }

    @Test
    void whatIsUnderWayToAnUnpluggedPortIsLost() {
        Segment segment = segment(1);
        Segment.Port a = segment.connect("a", d -> {});
        Segment.Port b = segment.connect("b", d -> received.add("b"));
        a.send(new byte[1]);
        b.unplug();
        run();
        assertThat(received).isEmpty();
        assertThat(b.send(new byte[1])).isFalse();
    }

    @Test
    void timeNeverGoesBack() {
        clock.advanceTo(100);
        assertThatThrownBy(() -> clock.advanceTo(99)).isInstanceOf(IllegalArgumentException.class);
    }

    private List<Integer> lost(long seed) {
        Segment segment = segment(seed);
        segment.faults(LinkFaults.NONE.withLoss(0.2));
        Segment.Port a = segment.connect("a", d -> {});
        segment.connect("b", d -> {});
        List<Integer> lost = new ArrayList<>();
        segment.tap((now, from, to, datagram, copies) -> {
            if (copies == 0) {
                lost.add((datagram[0] << 8) | (datagram[1] & 0xff));
            }
        });
        for (int i = 0; i < 1000; i++) {
            a.send(new byte[] {(byte) (i >> 8), (byte) i});
        }
        return lost;
    }

    private Segment segment(long seed) {
        return new Segment(agenda, clock, new Random(seed));
    }

    private void run() {
        while (agenda.step(Long.MAX_VALUE)) {
            // each step is one delivery
        }
    }
}
