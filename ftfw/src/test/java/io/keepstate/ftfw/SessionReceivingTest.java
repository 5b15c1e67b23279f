// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What arrives: in order, missing, late, malformed. Observed on the wire. */
class SessionReceivingTest {
    private static final long SECOND = ObjectNode.SECOND;
    private static final FtfwConfig CONFIG = FtfwConfig.defaults();

    private final ObjectNode node = ObjectNode.established(CONFIG);

    @Test
    void messagesInOrderAreAppliedAndAcknowledgedAfterASecond() {
        node.receive(ObjectNode.message("CT_NEW", 1002, 5, 1), ObjectNode.message("CT_UPD", 1003, 5, 2));
        assertThat(node.external).containsEntry(5L, 2);
        assertThat(node.transmit()).isEmpty();
        assertThat(node.after(SECOND)).containsExactly("ACK seq=102 from=1001 to=1003");
    }

    @Test
    void theAckIsDueASecondAfterReceiptThoughWeTransmitAllTheTime() {
        node.after(SECOND);
        node.receive(ObjectNode.message("CT_NEW", 1002, 5, 1));
        for (int tenth = 1; tenth < 10; tenth++) {
            node.put(tenth);
            assertThat(node.after(SECOND / 10)).hasSize(1);
        }
        node.put(10);
        assertThat(node.after(SECOND / 10)).hasSize(2).first().isEqualTo("ACK seq=112 from=1002 to=1002");
    }

    @Test
    void aUsedUpWindowIsAcknowledgedAtOnce() {
        ObjectNode narrow = ObjectNode.established(CONFIG.withAckWindowSize(4));
        narrow.receive("ALIVE seq=1002", "ALIVE seq=1003", "ALIVE seq=1004", "ALIVE seq=1005");
        // 1000 was acknowledged with our HELLO_BACK, 1001 by the established link's ACK in waiting
        assertThat(narrow.transmit()).containsExactly("ACK seq=102 from=1001 to=1004");
        assertThat(narrow.after(SECOND)).containsExactly("ACK seq=103 from=1005 to=1005");
    }

    @Test
    void aGapIsAcknowledgedUpToItThenAskedForAndTheMessageIsUsed() {
        node.receive(ObjectNode.message("CT_NEW", 1005, 5, 1));
        assertThat(node.external).containsEntry(5L, 1);
        assertThat(node.transmit()).containsExactly("ACK seq=102 from=1001 to=1001", "NACK seq=103 from=1002 to=1004");
        FtfwStats stats = node.session.stats();
        assertThat(stats.lost()).isEqualTo(3);
        assertThat(stats.lostAsConntrackd()).isEqualTo(5); // it over-counts by two
        assertThat(node.after(SECOND)).containsExactly("ACK seq=104 from=1005 to=1005");
    }

    @Test
    void aLateMessageIsNeverUsed() {
        node.receive(ObjectNode.message("CT_UPD", 1003, 5, 2));
        node.receive(ObjectNode.message("CT_NEW", 1002, 5, 1));
        assertThat(node.external).containsEntry(5L, 2);
        assertThat(node.session.stats().before()).isEqualTo(1);
    }

    @Test
    void aMalformedMessageIsNotAcceptedAndTheNextOneRevealsTheGap() {
        node.receive("ACK seq=1002 from=9 to=8", "ALIVE seq=1003");
        assertThat(node.session.stats().rejected(RejectReason.BAD_RANGE)).isEqualTo(1);
        assertThat(node.transmit()).contains("NACK seq=103 from=1002 to=1002");
    }

    @Test
    void aMalformedPayloadIsCountedAndItsNumberAcceptedAllTheSame() {
        node.payloadsAreBad = true;
        node.receive(ObjectNode.message("CT_NEW", 1002, 5, 1), "ALIVE seq=1003");
        assertThat(node.session.stats().rejected(RejectReason.MALFORMED_PAYLOAD))
                .isEqualTo(1);
        assertThat(node.after(SECOND)).containsExactly("ACK seq=102 from=1001 to=1003");
    }

    @Test
    void theFirstNumberEverIsTheBaseline() {
        ObjectNode fresh = new ObjectNode(CONFIG, 1);
        fresh.receive(ObjectNode.message("CT_NEW", -5, 5, 1));
        assertThat(fresh.external).containsEntry(5L, 1);
        assertThat(fresh.session.stats().lost()).isZero();
    }

    @Test
    void aRequestForAResyncIsHandedOn() {
        node.own.put(1L, 1);
        node.own.put(2L, 1);
        node.receive("RESYNC seq=1002 from=0 to=0");
        assertThat(node.resyncsAsked).isEqualTo(1);
        assertThat(node.transmit()).hasSize(2);
    }

    @Test
    void everyControlIsKeptForResendAndCarriesItsRangeAgain() {
        node.session.requestResync();
        node.receive("ALIVE seq=1004");
        assertThat(node.transmit())
                .containsExactly(
                        "ACK seq=102 from=1001 to=1001",
                        "NACK seq=103 from=1002 to=1003",
                        "RESYNC seq=104 from=0 to=0");
        node.receive("NACK seq=1005 from=102 to=104");
        assertThat(node.transmit())
                .containsExactly(
                        "ACK seq=105 from=1001 to=1001",
                        "NACK seq=106 from=1002 to=1003",
                        "RESYNC seq=107 from=0 to=0");
    }

    @Test
    void silenceAndReturnAreSignalled() {
        node.after(CONFIG.silentNanos() - 1);
        assertThat(node.signals).isEmpty();
        node.after(1);
        assertThat(node.signals).containsExactly(SessionSignal.PEER_SILENT);
        node.after(SECOND);
        node.receive("ALIVE seq=1002");
        assertThat(node.signals).containsExactly(SessionSignal.PEER_SILENT, SessionSignal.PEER_BACK);
    }

    @Test
    void aPeerThatWasNeverHeardIsNotCalledSilent() {
        ObjectNode alone = new ObjectNode(CONFIG, 1);
        for (int i = 0; i < 20; i++) {
            alone.after(SECOND);
        }
        assertThat(alone.signals).isEmpty();
    }
}
