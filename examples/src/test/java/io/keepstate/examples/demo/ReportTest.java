// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.demo.Change.Failover;
import io.keepstate.examples.demo.Change.OwnFlows;
import io.keepstate.examples.demo.traffic.Pulse;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Failover SEEN =
            new Failover(OptionalLong.of(3632), OptionalLong.of(3680), OptionalLong.of(3673), 104);

    @Test
    void theJsonIsTheWorstJudgementAndTheFirstPowerLoss() {
        Report report = new Report(List.of(
                change("power loss of fw1", true, SEEN, 100, 0, 6687),
                change("return of fw1", false, Failover.UNSEEN, 98, 2, 148),
                change("power loss of fw2", true, Failover.UNSEEN, 99, 1, 7000)));
        assertThat(report.json().strip())
                .isEqualTo("{\"sessions\":{\"total\":100,\"alive\":98,\"reset\":2},\"longest_stall_ms\":7000,"
                        + "\"failover\":{\"detected_ms\":3632,\"committed_ms\":3680,\"addresses_ms\":3673},"
                        + "\"flows_committed\":104}");
        assertThat(report.flawless()).isFalse();
    }

    @Test
    void theFlowsOfAGroupThatStayedAreInTheJsonWhereSomebodyLooked() {
        Change first = change("power loss of fw1", true, SEEN, 100, 0, 6687).with(new OwnFlows(50, 0));
        Change second =
                change("return of fw1", false, Failover.UNSEEN, 100, 0, 148).with(new OwnFlows(49, 2));
        assertThat(new Report(List.of(first, second)).json().strip())
                .endsWith("\"flows_committed\":104,\"own_flows\":{\"watched\":49,\"lost\":2}}");
    }

    @Test
    void aStepNotSeenIsNull() {
        Report report = new Report(List.of(change("power loss of fw1", true, Failover.UNSEEN, 0, 0, 20_000)));
        assertThat(report.json())
                .contains("\"detected_ms\":null,\"committed_ms\":null,\"addresses_ms\":null},\"flows_committed\":0");
    }

    @Test
    void aRunWithoutAnyChangeProvesNothing() {
        assertThat(new Report(List.of()).flawless()).isFalse();
    }

    @Test
    void theTextSaysWhatHappenedToTheSessions() {
        Report good = new Report(List.of(change("power loss of fw1", true, SEEN, 100, 0, 6687)));
        assertThat(good.text(new Pulse(10, 9, 3700), new Pulse(5, 5, 0)))
                .contains("power loss of fw1", "100/100", "6.7 s", "9 of 10 answered")
                .contains("All 100 TCP sessions lived through 1 change of role. None was reset.");
        Report bad = new Report(List.of(change("power loss of fw1", true, SEEN, 40, 0, 6687)));
        assertThat(bad.text(new Pulse(0, 0, 0), new Pulse(0, 0, 0)))
                .contains("60: nothing moved", "40 of 100 TCP sessions lived; 0 were reset.");
    }

    private static Change change(
            String title, boolean powerLoss, Failover failover, int alive, long reset, long stallMillis) {
        Map<String, Integer> reasons = alive == 100 ? Map.of() : Map.of("nothing moved", 100 - alive);
        return new Change(title, powerLoss, failover, new Judgement(100, alive, reset, stallMillis, reasons));
    }
}
