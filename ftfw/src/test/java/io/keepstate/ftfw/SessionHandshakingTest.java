// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** HELLO and HELLO_BACK, and what waits for them. Observed on the wire. */
class SessionHandshakingTest {
    private static final long SECOND = ObjectNode.SECOND;
    private static final FtfwConfig CONFIG = FtfwConfig.defaults();

    private final ObjectNode node = new ObjectNode(CONFIG, 100);

    @Test
    void theFirstMessageIsAnAliveWithHelloUnderTheInitialSequence() {
        assertThat(node.session.helloState()).isEqualTo(HelloState.INIT);
        assertThat(node.transmit()).containsExactly("ALIVE seq=100 HELLO");
        assertThat(node.session.helloState()).isEqualTo(HelloState.SAY);
    }

    @Test
    void helloIsSaidEverySecondUntilItIsAnswered() {
        node.transmit();
        assertThat(node.session.nextDeadline()).isEqualTo(SECOND);
        assertThat(node.after(SECOND)).containsExactly("ALIVE seq=101 HELLO");
        assertThat(node.after(SECOND / 2)).isEmpty();
        node.receive("ALIVE seq=7 HELLO_BACK");
        assertThat(node.signals).containsExactly(SessionSignal.HELLO_BACK_RECEIVED);
        assertThat(node.session.isHelloDone()).isTrue();
        assertThat(node.after(SECOND / 2)).containsExactly("ACK seq=102 from=7 to=7");
    }

    @Test
    void aHelloBackBeforeWeEverSpokeIsIgnored() {
        node.receive("ALIVE seq=7 HELLO_BACK");
        assertThat(node.session.helloState()).isEqualTo(HelloState.INIT);
        assertThat(node.transmit()).containsExactly("ACK seq=100 HELLO from=7 to=7");
    }

    @Test
    void aHelloIsAnsweredPromptlyAndOnce() {
        node.transmit();
        node.receive("ALIVE seq=7 HELLO");
        assertThat(node.signals).containsExactly(SessionSignal.PEER_HELLO);
        assertThat(node.transmit()).isEmpty();
        assertThat(node.after(20_000_000)).containsExactly("ACK seq=101 HELLO HELLO_BACK from=7 to=7");
        assertThat(node.after(SECOND)).containsExactly("ALIVE seq=102 HELLO");
    }

    @Test
    void objectsWaitForTheHandshake() {
        node.put(1);
        assertThat(node.transmit()).containsExactly("ALIVE seq=100 HELLO");
        node.receive("ALIVE seq=7 HELLO HELLO_BACK");
        assertThat(node.transmit()).containsExactly("CT_NEW seq=101 HELLO_BACK payload=000000000000000100000001");
    }

    @Test
    void objectsDoNotWaitForeverForTheHandshake() {
        node.put(1);
        node.transmit();
        assertThat(node.after(CONFIG.helloHoldNanos()))
                .containsExactly("CT_NEW seq=101 HELLO payload=000000000000000100000001");
    }

    @Test
    void whatLeftWhileSayingHelloIsToldAgainAfterTheAnswer() {
        node.put(1);
        node.transmit();
        node.after(CONFIG.helloHoldNanos());
        node.receive("ACK seq=7 HELLO_BACK from=100 to=101"); // it may cover what the peer never saw
        assertThat(node.releases).isEmpty();
        assertThat(node.transmit()).containsExactly("CT_NEW seq=102 payload=000000000000000100000001");
        assertThat(node.session.stats().resentForHello()).isEqualTo(1);
    }

    @Test
    void aRequestForAResyncWaitsForTheHandshakeToo() {
        node.session.requestResync();
        assertThat(node.transmit()).containsExactly("ALIVE seq=100 HELLO");
        node.receive("ALIVE seq=7 HELLO_BACK");
        assertThat(node.transmit()).containsExactly("RESYNC seq=101 from=0 to=0");
    }

    @Test
    void aHelloThatIsTakenForALateOneIsNotAnsweredSoThatAPeerBornAnewSaysItAgain() {
        node.receive("ALIVE seq=10 HELLO");
        node.after(20_000_000);
        node.receive("ALIVE seq=9 HELLO");
        assertThat(node.after(SECOND)).noneMatch(message -> message.contains("HELLO_BACK"));
        node.receive("ALIVE seq=10 HELLO");
        node.receive("RESYNC seq=11 from=0 to=0");
        assertThat(node.signals).contains(SessionSignal.PEER_RESTARTED);
    }

    @Test
    void aRequestThatWasSentButNotAcknowledgedDoesNotServeALaterNeed() {
        node.transmit();
        node.receive("ALIVE seq=7 HELLO HELLO_BACK");
        node.session.requestResync();
        assertThat(node.after(20_000_000)).anyMatch(message -> message.startsWith("RESYNC"));
        node.receive("ALIVE seq=8");
        node.session.requestResync();
        assertThat(node.after(CONFIG.resyncIntervalNanos())).anyMatch(message -> message.startsWith("RESYNC"));
    }
}
