// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The protocol's known weaknesses (docs/ftfw.md, W1 to W11) met by our session: repaired, avoided or counted. */
class LegacyWeaknessTest {
    private static final long SECOND = ObjectNode.SECOND;
    private static final FtfwConfig CONFIG = FtfwConfig.defaults();

    @Test
    void w1WhatIsLostWhileThePeerGreetsIsAskedFor() {
        ObjectNode node = new ObjectNode(CONFIG, 100);
        node.receive("ALIVE seq=50 HELLO");
        node.receive("CT_NEW seq=60 HELLO");
        assertThat(node.transmit())
                .containsExactly(
                        "ACK seq=100 HELLO HELLO_BACK from=50 to=50",
                        "NACK seq=101 HELLO from=51 to=59",
                        "ACK seq=102 HELLO from=60 to=60");
        assertThat(node.session.stats().lost()).isEqualTo(9);
    }

    @Test
    void w1WhatIsLostWhileWeGreetIsToldAgain() {
        ObjectNode node = new ObjectNode(CONFIG.withHelloHold(0), 100);
        node.put(1);
        node.put(2);
        node.transmit(); // both leave with HELLO and are lost, or not: the peer cannot tell
        node.receive("ACK seq=7 HELLO_BACK from=100 to=101");
        assertThat(node.transmit())
                .containsExactly(ObjectNode.message("CT_NEW", 102, 1, 1), ObjectNode.message("CT_NEW", 103, 2, 1));
    }

    @Test
    void w2AHelloOfThePeerMakesUsTellAgainWhatItHasNotAcknowledged() {
        ObjectNode node = ObjectNode.established(CONFIG);
        LongStream.rangeClosed(1, 10).forEach(node::put);
        node.transmit();
        node.receive("ALIVE seq=90000 HELLO");
        assertThat(node.signals).containsExactly(SessionSignal.PEER_RESTARTED);
        assertThat(node.transmit())
                .filteredOn(line -> line.startsWith("CT_NEW"))
                .hasSize(10);
        assertThat(node.session.stats().resentForHello()).isEqualTo(10);
    }

    @Test
    void w2AGapMetWhileOurHelloMayStillFlushThePeerIsReportedAtOnce() {
        ObjectNode node = new ObjectNode(CONFIG, 100);
        node.transmit();
        node.receive("ALIVE seq=7 HELLO_BACK");
        node.clear();
        node.receive("CT_NEW seq=9");
        assertThat(node.signals).containsExactly(SessionSignal.GAP_UNSERVED);
        node.receive("ACK seq=10 from=100 to=100"); // now it has read our last HELLO
        node.clear();
        node.receive("CT_NEW seq=12");
        assertThat(node.signals).isEmpty();
        assertThat(node.session.stats().gapsUnserved()).isEqualTo(1);
    }

    @Test
    void w3OurHelloDoesNotStickToAControlThatIsSentAgain() {
        ObjectNode node = new ObjectNode(CONFIG, 90);
        node.transmit();
        node.receive("ALIVE seq=7 HELLO");
        assertThat(node.after(SECOND)).containsExactly("ACK seq=91 HELLO HELLO_BACK from=7 to=7");
        node.receive("NACK seq=8 HELLO_BACK from=91 to=91");
        assertThat(node.transmit()).containsExactly("ACK seq=92 from=7 to=7");
    }

    @Test
    void w3AStickyHelloOfThePeerCostsAResyncAndNoMessage() {
        ObjectNode node = ObjectNode.established(CONFIG);
        node.put(1);
        node.transmit();
        node.receive("ACK seq=1004 HELLO from=1 to=2"); // 1002 and 1003 were lost
        assertThat(node.signals).containsExactly(SessionSignal.PEER_RESTARTED);
        assertThat(node.transmit()).contains("NACK seq=104 from=1002 to=1003", ObjectNode.message("CT_NEW", 105, 1, 1));
    }

    @Test
    void w4OurFullResendQueueStopsSendingAndForgetsNothing() {
        ObjectNode node = ObjectNode.established(CONFIG.withResendQueueSize(16));
        LongStream.rangeClosed(1, 40).forEach(node::put);
        assertThat(node.transmit()).hasSize(16);
        node.receive("ACK seq=1002 from=102 to=109");
        assertThat(node.transmit()).hasSize(8);
        FtfwStats stats = node.session.stats();
        assertThat(stats.resendOverflow()).isZero();
        assertThat(stats.txObjects()).isEqualTo(16);
        assertThat(stats.rsObjects()).isEqualTo(16);
    }

    @Test
    void w4APeerThatIsThereButNeverAcknowledgesGetsTheOldestForgottenAndCounted() {
        ObjectNode node = ObjectNode.established(CONFIG.withResendQueueSize(16));
        LongStream.rangeClosed(1, 20).forEach(node::put);
        assertThat(node.transmit()).hasSize(16);
        node.receive("ALIVE seq=1002");
        assertThat(node.after(SECOND)).hasSize(5); // an ACK, and the four that waited
        assertThat(node.session.stats().resendOverflow()).isEqualTo(4);
        assertThat(node.releases).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void w4AGapThatThePeersQueueCannotReachBackToIsReported() {
        ObjectNode node = ObjectNode.established(CONFIG.withResendQueueSize(16));
        node.receive("ALIVE seq=1005");
        node.transmit(); // ACK 102, NACK 103
        for (int sequence = 1006; sequence < 1030; sequence++) {
            node.receive("CT_NEW seq=" + sequence); // a bulk, which does not read our NACK
        }
        assertThat(node.signals).isEmpty();
        node.receive("ACK seq=1030 from=102 to=103");
        assertThat(node.signals).containsExactly(SessionSignal.GAP_UNSERVED);
    }

    @Test
    void w5ABulkIsPacedByTheBudgetAndByThePeersAcknowledgements() {
        ObjectNode node = ObjectNode.established(CONFIG.withResendQueueSize(64));
        LongStream.range(0, 1_000).forEach(node::put);
        assertThat(node.transmit(50)).hasSize(50);
        assertThat(node.transmit(50)).hasSize(14);
        assertThat(node.session.nextDeadline()).isGreaterThan(node.now);
    }

    @Test
    void w6APayloadThatCannotBeReadIsCounted() {
        ObjectNode node = ObjectNode.established(CONFIG);
        node.receive("CT_NEW seq=1002 payload=00");
        assertThat(node.session.stats().rejected(RejectReason.MALFORMED_PAYLOAD))
                .isEqualTo(1);
    }

    @Test
    void w8NumbersThatAForeignNodeTookFarAheadAreGivenUpForAStreamThatGoesOn() {
        ObjectNode node = ObjectNode.established(CONFIG);
        node.receive("ALIVE seq=500000");
        assertThat(node.signals).containsExactly(SessionSignal.GAP_UNSERVED);
        node.clear();
        for (int second = 0; second < 4; second++) {
            node.now += SECOND;
            node.receive("CT_UPD seq=" + (1002 + second));
        }
        assertThat(node.signals).containsExactly(SessionSignal.PEER_RESTARTED);
        assertThat(node.session.stats().before()).isEqualTo(3);
        node.receive("CT_UPD seq=1006");
        assertThat(node.session.stats().before()).isEqualTo(3);
    }

    @Test
    void w9AReorderedPairCostsANackAndIsNotTakenForAHole() {
        ObjectNode node = ObjectNode.established(CONFIG);
        node.receive(ObjectNode.message("CT_UPD", 1003, 5, 2));
        node.receive(ObjectNode.message("CT_UPD", 1002, 4, 2));
        assertThat(node.transmit()).containsExactly("ACK seq=102 from=1001 to=1001", "NACK seq=103 from=1002 to=1002");
        node.receive(ObjectNode.message("CT_UPD", 1004, 4, 2), "ACK seq=1005 from=102 to=103");
        node.after(SECOND);
        node.after(SECOND);
        node.after(SECOND);
        assertThat(node.signals).isEmpty();
        assertThat(node.external).containsEntry(4L, 2).containsEntry(5L, 2);
    }

    @Test
    void w10ALostNackIsSentAgainWithItsRange() {
        ObjectNode node = ObjectNode.established(CONFIG);
        node.receive("ALIVE seq=1004");
        node.transmit();
        node.receive("NACK seq=1005 from=102 to=103");
        assertThat(node.transmit()).containsExactly("ACK seq=104 from=1001 to=1001", "NACK seq=105 from=1002 to=1003");
    }

    @Test
    void w10WhatAnAckPassedOverIsSentAgainThoughNobodyAsks() {
        ObjectNode node = ObjectNode.established(CONFIG);
        LongStream.rangeClosed(1, 3).forEach(node::put);
        node.transmit();
        node.receive("ACK seq=1002 from=104 to=104"); // it took 104 as its baseline: 102 and 103 never came
        List<String> resent = new ArrayList<>();
        for (int second = 0; second < 5; second++) {
            resent.addAll(node.after(SECOND));
        }
        assertThat(resent)
                .filteredOn(line -> line.startsWith("CT_"))
                .extracting(line -> line.substring(line.indexOf("payload")))
                .containsExactly("payload=000000000000000100000001", "payload=000000000000000200000001");
        assertThat(node.session.stats().resentPassedOver()).isEqualTo(2);
    }

    @Test
    void w11AWindowOfOneAcknowledgesAfterAGapToo() {
        ObjectNode node = ObjectNode.established(CONFIG.withAckWindowSize(1));
        node.transmit();
        node.receive("ALIVE seq=1004");
        assertThat(node.transmit()).contains("NACK seq=103 from=1002 to=1003", "ACK seq=104 from=1004 to=1004");
        node.receive("ALIVE seq=1005");
        assertThat(node.transmit()).containsExactly("ACK seq=105 from=1005 to=1005");
    }

    @Test
    void w11AnAckIsNotAcknowledgedAtOnceSoThatTwoWindowsOfOneComeToRest() {
        ObjectNode node = ObjectNode.established(CONFIG.withAckWindowSize(1));
        node.transmit();
        node.receive("ACK seq=1002 from=101 to=102");
        assertThat(node.transmit()).isEmpty();
        assertThat(node.after(SECOND)).singleElement().asString().contains("ACK seq=", "to=1002");
    }

    @Test
    void anUnservedNackIsReportedOnceThePeerHasReadIt() {
        ObjectNode node = ObjectNode.established(CONFIG);
        node.receive("ALIVE seq=1012");
        node.transmit();
        node.receive("ACK seq=1013 from=102 to=103");
        node.after(CONFIG.nackServiceNanos() - 1);
        assertThat(node.signals).isEmpty();
        node.after(1);
        assertThat(node.signals).containsExactly(SessionSignal.GAP_UNSERVED);
    }

    @Test
    void aServedNackIsNot() {
        ObjectNode node = ObjectNode.established(CONFIG);
        node.receive("ALIVE seq=1004");
        node.transmit();
        node.receive("CT_NEW seq=1005", "CT_NEW seq=1006", "ACK seq=1007 from=102 to=103");
        node.after(CONFIG.nackServiceNanos());
        assertThat(node.signals).isEmpty();
        assertThat(node.session.hasOpenGaps()).isFalse();
    }

    @Test
    void aRestartJustBelowOurNumberIsBelievedAtTheSecondHello() {
        ObjectNode node = ObjectNode.established(CONFIG);
        node.receive("ALIVE seq=990 HELLO");
        assertThat(node.signals).isEmpty();
        assertThat(node.after(SECOND)).noneMatch(line -> line.contains("HELLO_BACK"));
        node.receive("ALIVE seq=991 HELLO");
        assertThat(node.signals).containsExactly(SessionSignal.PEER_RESTARTED);
        assertThat(node.after(SECOND)).anyMatch(line -> line.contains("HELLO_BACK"));
    }

    @Test
    void aRestartFarBelowOurNumberIsBelievedAtOnceAndOldRangesAreForgotten() {
        ObjectNode node = ObjectNode.established(CONFIG);
        node.receive("ALIVE seq=1900");
        node.receive("ALIVE seq=1700 HELLO");
        assertThat(node.signals).contains(SessionSignal.PEER_RESTARTED);
        assertThat(node.after(SECOND)).containsExactly("ACK seq=102 HELLO_BACK from=1700 to=1700");
    }
}
