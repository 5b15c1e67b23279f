// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.takeover;

import static io.keepstate.node.Milliseconds.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.node.config.TakeoverPolicy;
import org.junit.jupiter.api.Test;

class PreemptionGateTest {
    private final PreemptionGate gate = new PreemptionGate(TakeoverPolicy.DEFAULT);

    @Test
    void isOpenUntilHeld() {
        assertThat(gate.isOpen()).isTrue();
        assertThat(gate.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        gate.hold(0);
        assertThat(gate.isOpen()).isFalse();
    }

    @Test
    void opensWhenNoNewFlowsArriveFor200Milliseconds() {
        gate.hold(0);
        gate.peerAnswered(true);
        for (int flow = 1; flow <= 500; flow++) {
            gate.stateMessage(true, flow, ms(flow));
        }
        assertThat(gate.doWork(ms(600))).isNull();
        String reason = gate.doWork(ms(700));
        assertThat(reason).isEqualTo("in sync with the peer: 500 flows known, none new for 200 ms");
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void newFlowsUpToOnePercentOfWhatIsKnownDoNotKeepItClosed() {
        gate.hold(0);
        gate.peerAnswered(true);
        gate.stateMessage(false, 1000, ms(10));
        for (int flow = 1; flow <= 10; flow++) {
            gate.stateMessage(true, 1000 + flow, ms(10 + 15 * flow));
        }
        assertThat(gate.doWork(ms(210))).startsWith("in sync");
    }

    @Test
    void moreThanOnePercentStartsTheQuietTimeAgain() {
        gate.hold(0);
        gate.peerAnswered(true);
        gate.stateMessage(false, 1000, ms(10));
        for (int flow = 1; flow <= 11; flow++) {
            gate.stateMessage(true, 1000, ms(100 + flow));
        }
        assertThat(gate.doWork(ms(300))).isNull();
        assertThat(gate.nextDeadline()).isEqualTo(ms(311));
        assertThat(gate.doWork(ms(311))).startsWith("in sync");
    }

    @Test
    void opensAfterFiveSecondsWithoutAnAnswerAndSaysSo() {
        gate.hold(0);
        assertThat(gate.nextDeadline()).isEqualTo(ms(5000));
        assertThat(gate.doWork(ms(4999))).isNull();
        assertThat(gate.doWork(ms(5000))).isEqualTo("5000 ms passed: the peer has not answered");
    }

    @Test
    void anAnswerWithoutStateDoesNotOpenIt() {
        gate.hold(0);
        gate.peerAnswered(true);
        assertThat(gate.doWork(ms(4000))).isNull();
        assertThat(gate.doWork(ms(5000))).isEqualTo("5000 ms passed: the peer sent no state after the resync request");
    }

    @Test
    void stateFromBeforeTheHoldDoesNotCount() {
        gate.peerAnswered(true);
        gate.stateMessage(true, 100, ms(1));
        gate.hold(ms(2));
        assertThat(gate.doWork(ms(300))).isNull();
    }

    @Test
    void aBulkThatGoesOnIsCutOffAtTheLimit() {
        gate.hold(0);
        gate.peerAnswered(true);
        String reason = null;
        for (int at = 1; reason == null && at < 6000; at++) {
            gate.stateMessage(true, 1, ms(at));
            reason = gate.doWork(ms(at));
        }
        assertThat(reason).isEqualTo("5000 ms passed: new flows still arrive");
    }
}
