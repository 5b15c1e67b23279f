// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.demo.lab.ForwardCounters;
import io.keepstate.examples.demo.traffic.Family;
import io.keepstate.examples.demo.traffic.SessionKind;
import io.keepstate.examples.demo.traffic.SessionSample;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final ForwardCounters PLENTY = new ForwardCounters(1_000_000, 1_000_000);

    @Test
    void aSessionThatMoved64KibOfContentIsAlive() {
        Judgement judgement = Judge.judge(List.of(download(Family.IPV4, 65_536)), PLENTY, 0);
        assertThat(judgement.alive()).isEqualTo(1);
        assertThat(judgement.flawless()).isTrue();
    }

    @Test
    void oneOctetLessIsNotAlive() {
        Judgement judgement = Judge.judge(List.of(download(Family.IPV4, 65_535)), PLENTY, 0);
        assertThat(judgement.alive()).isZero();
        assertThat(judgement.reasons()).containsEntry("moved less than 64 KiB", 1);
    }

    @Test
    void anIdleSessionIsAliveWithItsEcho() {
        assertThat(Judge.judge(List.of(idle(64)), PLENTY, 0).alive()).isEqualTo(1);
        assertThat(Judge.judge(List.of(idle(0)), PLENTY, 0).reasons()).containsEntry("nothing moved", 1);
    }

    @Test
    void contentThatTheNewActiveNodeDidNotForwardDoesNotCount() {
        List<SessionSample> samples = List.of(download(Family.IPV4, 70_000), download(Family.IPV6, 70_000));
        // 70 000 octets are 49 segments of 1448 and 50 of 1428.
        Judgement judgement = Judge.judge(samples, new ForwardCounters(48, 50), 0);
        assertThat(judgement.alive()).isEqualTo(1);
        assertThat(judgement.reasons()).containsEntry("moved more than the new active node forwarded", 1);
        assertThat(Judge.judge(samples, new ForwardCounters(49, 50), 0).alive()).isEqualTo(2);
    }

    @Test
    void aBrokenSessionIsDeadHoweverMuchItMoved() {
        SessionSample broken = new SessionSample(
                SessionKind.ECHO, Family.IPV4, 0, 99_999, 99_999, "wrong content after octet 7", false, 0, 0);
        Judgement judgement = Judge.judge(List.of(broken), PLENTY, 0);
        assertThat(judgement.alive()).isZero();
        assertThat(judgement.reasons()).containsEntry("wrong content after octet 7", 1);
    }

    @Test
    void aResetIsWhatASessionFeltOrWhatTheWireShowed() {
        SessionSample reset = new SessionSample(SessionKind.ECHO, Family.IPV4, 0, 9, 9, "Connection reset", true, 0, 0);
        assertThat(Judge.judge(List.of(reset), PLENTY, 0).reset()).isEqualTo(1);
        assertThat(Judge.judge(List.of(reset), PLENTY, 3).reset()).isEqualTo(3);
        Judgement seenOnly = Judge.judge(List.of(download(Family.IPV4, 65_536)), PLENTY, 1);
        assertThat(seenOnly.alive()).isEqualTo(1);
        assertThat(seenOnly.flawless()).isFalse();
    }

    @Test
    void eachNodeMustHaveForwardedItsOwnShare() {
        Judge.Share first = new Judge.Share(List.of(download(Family.IPV4, 70_000)), new ForwardCounters(49, 0));
        Judge.Share second = new Judge.Share(List.of(download(Family.IPV4, 70_000)), new ForwardCounters(48, 99));
        Judgement judgement = Judge.judge(List.of(first, second), 0);
        assertThat(judgement.total()).isEqualTo(2);
        assertThat(judgement.alive()).isEqualTo(1);
        assertThat(judgement.reasons()).containsEntry("moved more than the new active node forwarded", 1);
    }

    @Test
    void theLongestStallIsTheWorstSession() {
        SessionSample slow =
                new SessionSample(SessionKind.DOWNLOAD, Family.IPV6, 0, 70_000, 70_000, "", false, 0, 6_700_000_000L);
        assertThat(Judge.judge(List.of(download(Family.IPV6, 70_000), slow), PLENTY, 0)
                        .longestStallMillis())
                .isEqualTo(6700);
    }

    private static SessionSample download(Family family, long moved) {
        return new SessionSample(SessionKind.DOWNLOAD, family, 0, moved, moved, "", false, 0, 0);
    }

    private static SessionSample idle(long moved) {
        return new SessionSample(SessionKind.IDLE, Family.IPV6, 0, moved, moved, "", false, 0, 0);
    }
}
