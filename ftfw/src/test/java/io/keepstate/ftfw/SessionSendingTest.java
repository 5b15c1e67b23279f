// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What leaves, when, and under which number. Observed on the wire. */
class SessionSendingTest {
    private static final long SECOND = ObjectNode.SECOND;
    private static final FtfwConfig CONFIG = FtfwConfig.defaults();

    private final ObjectNode node = ObjectNode.established(CONFIG);

    @Test
    void anIdleLinkSaysAliveOnceASecond() {
        assertThat(node.after(SECOND)).containsExactly("ACK seq=102 from=1001 to=1001");
        assertThat(node.after(SECOND)).containsExactly("ALIVE seq=103");
        assertThat(node.after(SECOND - 1)).isEmpty();
        assertThat(node.after(1)).containsExactly("ALIVE seq=104");
    }

    @Test
    void anAliveIsNeverKept() {
        node.after(SECOND);
        node.after(SECOND);
        node.receive("NACK seq=1002 from=102 to=103");
        assertThat(node.transmit()).containsExactly("ACK seq=104 from=1001 to=1001");
    }

    @Test
    void everyMessageTakesOneNumberAndSeveralShareADatagram() {
        node.put(1);
        node.put(2);
        assertThat(node.transmit())
                .containsExactly(ObjectNode.message("CT_NEW", 102, 1, 1), ObjectNode.message("CT_NEW", 103, 2, 1));
        assertThat(node.sent).hasSize(1);
    }

    @Test
    void aMessageJoinsADatagramOnlyWhileItEndsBelowItsSize() {
        ObjectNode small = ObjectNode.established(CONFIG.withMtu(200 + FtfwConfig.HEADER_ESTIMATE));
        LongStream.range(0, 20).forEach(small::put);
        small.transmit();
        // 20 octets each: 9 make 180, the tenth would make 200, which is not below 200.
        assertThat(small.sent).extracting(d -> d.readableBytes()).containsExactly(180, 180, 40);
    }

    @Test
    void changesBeforeAnObjectLeavesAreOneMessageOfItsLastState() {
        node.put(1);
        node.put(1);
        assertThat(node.transmit()).containsExactly(ObjectNode.message("CT_UPD", 102, 1, 2));
    }

    @Test
    void anAckReleasesExactlyItsRange() {
        LongStream.rangeClosed(1, 5).forEach(node::put);
        node.transmit();
        node.receive("ACK seq=1002 from=103 to=105");
        assertThat(node.releases).containsExactly(2L, 3L, 4L);
        assertThat(node.session.stats().rsObjects()).isEqualTo(2);
    }

    @Test
    void aNackSendsTheCurrentStateUnderNewNumbers() {
        LongStream.rangeClosed(1, 3).forEach(node::put);
        node.transmit();
        node.own.put(2L, 9);
        node.receive("NACK seq=1002 from=102 to=103");
        assertThat(node.transmit())
                .containsExactly(ObjectNode.message("CT_NEW", 105, 1, 1), ObjectNode.message("CT_UPD", 106, 2, 9));
        assertThat(node.session.stats().resentForNack()).isEqualTo(2);
    }

    @Test
    void aNackForWhatWasSupersededYieldsNothing() {
        node.put(1);
        node.transmit();
        node.put(1);
        node.transmit();
        node.receive("NACK seq=1002 from=102 to=102");
        assertThat(node.transmit()).isEmpty();
    }

    @Test
    void anUpdateOfAnUnacknowledgedObjectIsNotReleasedByTheAckOfTheOldState() {
        node.put(1);
        node.transmit();
        node.put(1);
        node.receive("ACK seq=1002 from=102 to=102");
        assertThat(node.releases).isEmpty();
        assertThat(node.transmit()).containsExactly(ObjectNode.message("CT_UPD", 103, 1, 2));
    }

    @Test
    void aDeletedObjectIsHeldUntilItsDeletionIsAcknowledged() {
        node.put(1);
        node.transmit();
        node.delete(1);
        assertThat(node.transmit()).containsExactly(ObjectNode.message("CT_DEL", 103, 1, 1));
        assertThat(node.own).containsKey(1L);
        node.receive("ACK seq=1002 from=102 to=103");
        assertThat(node.own).isEmpty();
    }

    @Test
    void aHandleThatNamesNothingAnyMoreTakesNoNumberAndIsCounted() {
        node.put(1);
        node.own.remove(1L);
        node.put(2);
        assertThat(node.transmit()).containsExactly(ObjectNode.message("CT_NEW", 102, 2, 1));
        assertThat(node.session.stats().gone()).isEqualTo(1);
        assertThat(node.releases).isEmpty();
    }

    @Test
    void handlesThatNameNothingDoNotDelayTheNextAlive() {
        node.after(SECOND);
        node.now += SECOND / 2;
        node.put(1);
        node.own.clear();
        assertThat(node.transmit()).isEmpty();
        assertThat(node.after(SECOND / 2)).containsExactly("ALIVE seq=103");
    }

    @Test
    void aCancelledHandleIsForgottenWhereverItIs() {
        node.put(1);
        node.transmit();
        node.put(2);
        assertThat(node.session.cancel(1)).isTrue();
        assertThat(node.session.cancel(2)).isTrue();
        assertThat(node.session.cancel(3)).isFalse();
        node.receive("NACK seq=1002 from=102 to=102");
        assertThat(node.transmit()).isEmpty();
        assertThat(node.releases).isEmpty();
    }

    @Test
    void aRangeOfNumbersWeNeverSentReleasesNothing() {
        node.put(1);
        node.transmit();
        node.receive("ACK seq=1002 from=50 to=5000");
        assertThat(node.releases).isEmpty();
    }

    @Test
    void theBudgetBoundsACallAndTheDeadlineSaysThatMoreWaits() {
        LongStream.rangeClosed(1, 5).forEach(node::put);
        assertThat(node.transmit(3)).hasSize(3);
        assertThat(node.session.nextDeadline()).isLessThanOrEqualTo(node.now);
        assertThat(node.transmit(3)).hasSize(2);
        assertThat(node.session.nextDeadline()).isGreaterThan(node.now);
    }

    @Test
    void aDatagramThatTheSinkRefusesIsKeptAndOfferedAgain() {
        node.sinkRefuses = true;
        node.put(1);
        assertThat(node.transmit()).isEmpty();
        assertThat(node.session.nextDeadline()).isGreaterThan(node.now);
        node.sinkRefuses = false;
        assertThat(node.after(SECOND / 100)).containsExactly(ObjectNode.message("CT_NEW", 102, 1, 1));
        assertThat(node.session.stats().sendDeferred()).isEqualTo(1);
    }

    @Test
    void handlesBeyondTheLimitAreRefusedAndCounted() {
        ObjectNode limited = ObjectNode.established(CONFIG.withObjectLimit(2));
        assertThat(limited.session.enqueue(1)).isTrue();
        assertThat(limited.session.enqueue(2)).isTrue();
        assertThat(limited.session.enqueue(2)).isTrue();
        assertThat(limited.session.enqueue(3)).isFalse();
        assertThat(limited.session.stats().refused()).isEqualTo(1);
    }

    @Test
    void aMessageThatFitsNoDatagramLeavesAloneAndIsCounted() {
        ObjectNode small = ObjectNode.established(CONFIG.withMtu(128 + FtfwConfig.HEADER_ESTIMATE));
        Encoder large = new Encoder() {
            @Override
            public int encode(long handle, io.netty.buffer.ByteBuf out) {
                out.writeZero(handle == 1 ? 400 : 20);
                return NetHeader.CT_NEW;
            }

            @Override
            public void released(long handle) {}
        };
        LongStream.rangeClosed(0, 2).forEach(small.session::enqueue);
        small.session.transmit(small.now, large, small, 100);
        assertThat(small.sent).extracting(d -> d.readableBytes()).containsExactly(28, 408, 28);
        assertThat(small.session.stats().oversized()).isEqualTo(1);
    }

    @Test
    void requestsForAResyncAreSpacedAndBecomeOne() {
        node.session.requestResync();
        node.session.requestResync();
        assertThat(node.transmit()).containsExactly("RESYNC seq=102 from=0 to=0");
        node.receive("ACK seq=1002 from=102 to=102");
        node.session.requestResync();
        assertThat(node.after(SECOND)).doesNotContain("RESYNC seq=103 from=0 to=0");
        assertThat(node.session.nextDeadline()).isLessThanOrEqualTo(node.now + CONFIG.resyncIntervalNanos());
        assertThat(node.after(CONFIG.resyncIntervalNanos())).contains("RESYNC seq=104 from=0 to=0");
    }
}
