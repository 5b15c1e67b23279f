// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** NOTRACK and ALARM, message by message. */
class BestEffortSessionsTest implements Encoder, Receiver, DatagramSink {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;

    /** Objects by handle: the message type they are sent with. */
    private final Map<Long, Integer> own = new HashMap<>();

    private final List<String> sent = new ArrayList<>();
    private final List<Integer> taken = new ArrayList<>();
    private final List<Long> released = new ArrayList<>();
    private final List<SessionSignal> signals = new ArrayList<>();
    private int asked;
    private boolean refusing;
    private long now = 5 * SECOND;
    private final NoTrackSession noTrack = new NoTrackSession(BestEffortConfig.DEFAULT, 100);
    private final AlarmSession alarm =
            new AlarmSession(AlarmConfig.DEFAULT.withRefreshSeconds(10), 100, new SplittableRandom(1));

    @Test
    void notrackSendsAnObjectOnceAndForgetsIt() {
        own.put(1L, NetHeader.CT_UPD);
        noTrack.enqueue(1);
        noTrack.enqueue(1);
        assertThat(turn(noTrack, 0)).containsExactly("CT_UPD seq=100 payload=0000000000000001");
        assertThat(released).containsExactly(1L);
        assertThat(turn(noTrack, 900 * MILLI)).isEmpty();
        assertThat(turn(noTrack, 100 * MILLI)).containsExactly("ALIVE seq=101");
    }

    @Test
    void notrackAnswersNothingButARequestForEverything() {
        receive(noTrack, "CT_NEW seq=7", "RESYNC seq=8 from=0 to=0", "ALIVE seq=9", "ACK seq=10 from=1 to=2");
        assertThat(taken).containsExactly(NetHeader.CT_NEW);
        assertThat(asked).isEqualTo(1);
        assertThat(signals).containsExactly(SessionSignal.PEER_HEARD, SessionSignal.OTHER_MODE);
        assertThat(noTrack.stats().rejected(RejectReason.MALFORMED_HEADER)).isEqualTo(1);
        assertThat(turn(noTrack, 0)).isEmpty();
    }

    @Test
    void notrackWaitsForReorderedMessagesAndTakesNoneTwice() {
        receive(noTrack, "CT_NEW seq=7");
        receive(noTrack, "CT_NEW seq=9");
        receive(noTrack, "CT_DEL seq=8");
        receive(noTrack, "CT_NEW seq=7");
        turn(noTrack, 300 * MILLI);
        assertThat(taken).containsExactly(NetHeader.CT_NEW, NetHeader.CT_NEW, NetHeader.CT_DEL);
        assertThat(signals).containsExactly(SessionSignal.PEER_HEARD);
        assertThat(noTrack.stats().before()).isEqualTo(2);
    }

    @Test
    void notrackTellsALossAndItsRequestsComeAtGrowingIntervals() {
        receive(noTrack, "CT_NEW seq=7");
        List<Long> requests = new ArrayList<>();
        for (int i = 0, sequence = 9; i < 200; i++, sequence += 2) {
            receive(noTrack, "CT_NEW seq=" + sequence);
            for (String line : turn(noTrack, 100 * MILLI)) {
                if (line.startsWith("RESYNC")) {
                    requests.add(now);
                }
            }
            if (signals.remove(SessionSignal.GAP_UNSERVED)) {
                noTrack.requestResync();
            }
        }
        assertThat(requests).hasSizeBetween(3, 8);
        long first = requests.get(1) - requests.get(0);
        long last = requests.get(requests.size() - 1) - requests.get(requests.size() - 2);
        assertThat(last).isGreaterThan(2 * first);
        assertThat(noTrack.isResyncHeard()).isFalse();
    }

    @Test
    void notrackCountsForEachSenderAlone() {
        for (int i = 0; i < 5; i++) {
            noTrack.receive(Frames.datagram("CT_NEW seq=" + (1000 + i)), 1, now, this, this);
            noTrack.receive(Frames.datagram("CT_NEW seq=" + (500_000 + i)), 2, now, this, this);
        }
        turn(noTrack, SECOND);
        assertThat(taken).hasSize(10);
        assertThat(noTrack.stats().lost()).isZero();
    }

    @Test
    void notrackNoticesASenderThatBeganAnewALittleBelow() {
        receive(noTrack, "CT_NEW seq=1000", "CT_NEW seq=1001", "CT_NEW seq=1002", "CT_NEW seq=1003");
        receive(noTrack, "CT_NEW seq=1000", "CT_NEW seq=1001", "CT_NEW seq=1002", "CT_NEW seq=1003");
        assertThat(signals).containsExactly(SessionSignal.PEER_HEARD, SessionSignal.PEER_RESTARTED);
        assertThat(taken).hasSize(6);
    }

    /** conntrackd counts from the wall clock's seconds and says ALIVE each second: a new life may go on where it was. */
    @Test
    void notrackIsToldOfARestartThatTheNumbersDoNotShow() {
        receive(noTrack, "ALIVE seq=1000", "ALIVE seq=1001");
        noTrack.senderRestarted(SyncSession.UNKNOWN_SENDER);
        receive(noTrack, "ALIVE seq=1002", "CT_NEW seq=1003");
        turn(noTrack, SECOND);
        assertThat(signals).containsExactly(SessionSignal.PEER_HEARD, SessionSignal.PEER_RESTARTED);
        assertThat(taken).hasSize(1);
        assertThat(noTrack.stats().peerRestarts()).isEqualTo(1);
        assertThat(noTrack.stats().lost()).isZero();
    }

    /** A peer that never asks would keep for ever what a dead link swallowed; a bulk tells only what lives. */
    @Test
    void notrackTellsTheLatestEndsAgainWhenALinkFailed() {
        own.put(1L, NetHeader.CT_DEL);
        own.put(2L, NetHeader.CT_DEL);
        own.put(3L, NetHeader.CT_UPD);
        noTrack.enqueue(1);
        turn(noTrack, 0);
        noTrack.enqueue(3);
        noTrack.enqueue(2);
        turn(noTrack, 700 * MILLI);
        noTrack.enqueuePayload(NetHeader.EXP_DEL, Unpooled.copyLong(9));
        turn(noTrack, 100 * MILLI);
        assertThat(noTrack.linkFailed(now)).isTrue();
        assertThat(turn(noTrack, 0))
                .containsExactly(
                        "CT_DEL seq=104 payload=0000000000000001",
                        "CT_DEL seq=105 payload=0000000000000002",
                        "EXP_DEL seq=106 payload=0000000000000009");
        now += 600 * MILLI;
        noTrack.linkFailed(now);
        assertThat(turn(noTrack, 0)).as("it failed again").hasSize(3);
        now += SECOND;
        noTrack.linkFailed(now);
        assertThat(turn(noTrack, 0).stream().filter(line -> line.contains("DEL")))
                .as("long ago")
                .isEmpty();
        assertThat(alarm.linkFailed(now)).isFalse();
    }

    @Test
    void endsForWhichThereWasNoRoomAreCountedWhenALinkFailed() {
        ByteBuf large = Unpooled.buffer().writeZero(4000);
        for (int i = 0; i < 300; i++) {
            noTrack.enqueuePayload(NetHeader.CT_DEL, large.duplicate());
        }
        turn(noTrack, 0);
        assertThat(noTrack.stats().refused()).isZero();
        noTrack.linkFailed(now);
        assertThat(noTrack.stats().refused()).isEqualTo(300 - (1 << 20) / 4003);
    }

    /** While no link works nothing is taken: an end is as late as the link, and not lost. */
    @Test
    void notrackKeepsWhatTheLinksDoNotTakeAndOffersItLessAndLessOften() {
        own.put(1L, NetHeader.CT_NEW);
        noTrack.enqueue(1);
        refusing = true;
        int offers = 0;
        for (int i = 0; i < 500; i++) {
            now += 10 * MILLI;
            if (now >= noTrack.nextDeadline()) {
                offers++;
                turn(noTrack, 0);
            }
        }
        assertThat(offers).isBetween(5, 25);
        own.put(2L, NetHeader.CT_DEL);
        noTrack.enqueue(2);
        refusing = false;
        assertThat(turn(noTrack, SECOND))
                .containsExactly("CT_NEW seq=100 payload=0000000000000001", "CT_DEL seq=101 payload=0000000000000002");
    }

    @Test
    void notrackPacesABulkByTheClock() {
        int enqueued = 0;
        for (int i = 0; i < 10; i++) {
            int room = noTrack.bulkRoom(now);
            for (int k = 0; k < room; k++) {
                own.put((long) ++enqueued, NetHeader.CT_NEW);
                noTrack.enqueueBulk(enqueued);
            }
            turn(noTrack, MILLI);
        }
        assertThat(enqueued).isEqualTo(2 * 512);
    }

    @Test
    void aPayloadThatNobodyKeepsLeavesWithTheTurnAndInOrder() {
        for (int i = 0; i < 100; i++) {
            assertThat(noTrack.enqueuePayload(i % 3, Unpooled.copyLong(i))).isTrue();
        }
        List<String> lines = turn(noTrack, 0);
        assertThat(lines).hasSize(100).first().isEqualTo("CT_NEW seq=100 payload=0000000000000000");
        assertThat(lines.get(98)).isEqualTo("CT_DEL seq=198 payload=0000000000000062");
        int more = 0;
        while (noTrack.enqueuePayload(0, Unpooled.copyLong(1))) {
            more++;
        }
        assertThat(more).isGreaterThan(300_000);
        assertThat(noTrack.stats().refused()).isEqualTo(1);
    }

    @Test
    void alarmSendsAgainWithinRefreshTimeAndTheEndOnce() {
        own.put(1L, NetHeader.CT_NEW);
        alarm.enqueue(1);
        assertThat(turn(alarm, 0)).hasSize(1);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            if (!turn(alarm, 100 * MILLI).isEmpty()) {
                times.add(now);
            }
        }
        assertThat(times).hasSizeBetween(9, 60);
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isBetween(SECOND, 11 * SECOND + 200 * MILLI);
        }
        own.put(1L, NetHeader.CT_DEL);
        alarm.enqueue(1);
        assertThat(turn(alarm, 0)).hasSize(1);
        assertThat(released).containsExactly(1L);
        assertThat(alarm.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(turn(alarm, 60 * SECOND)).isEmpty();
    }

    @Test
    void alarmTellsNothingAgainWhileItMustNot() {
        for (long handle = 1; handle <= 50; handle++) {
            own.put(handle, NetHeader.CT_NEW);
            alarm.enqueue(handle);
        }
        assertThat(turn(alarm, 0)).hasSize(50);
        alarm.enqueue(7);
        alarm.setRepeating(false);
        assertThat(turn(alarm, 0)).as("what has changed before is told").hasSize(1);
        assertThat(alarm.alarms()).isZero();
        assertThat(alarm.nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(turn(alarm, 60 * SECOND)).isEmpty();
        alarm.setRepeating(true);
        alarm.enqueueBulk(7);
        assertThat(turn(alarm, 12 * SECOND)).hasSize(1);
    }

    @Test
    void alarmIgnoresWhateverCarriesAFlagAndSaysNothingByItself() {
        receive(alarm, "CT_NEW seq=7 HELLO", "RESYNC seq=8 from=0 to=0", "ALIVE seq=9", "CT_UPD seq=900");
        assertThat(taken).containsExactly(NetHeader.CT_UPD);
        assertThat(asked).isZero();
        alarm.requestResync();
        assertThat(turn(alarm, 5 * SECOND)).isEmpty();
        assertThat(alarm.stats().lost()).isZero();
    }

    @Test
    void alarmSpreadsWhatIsNoNews() {
        assertThat(alarm.bulkRoom(now)).isGreaterThan(1000);
        for (long handle = 1; handle <= 1000; handle++) {
            own.put(handle, NetHeader.CT_NEW);
            alarm.enqueueBulk(handle);
        }
        assertThat(turn(alarm, 0)).isEmpty();
        int most = 0;
        int all = 0;
        for (int i = 0; i < 115; i++) {
            int now = turn(alarm, 100 * MILLI).size();
            most = Math.max(most, now);
            all += now;
        }
        assertThat(all).isGreaterThanOrEqualTo(1000);
        assertThat(most).isLessThan(200);
    }

    private void receive(SyncSession session, String... lines) {
        session.receive(Frames.datagram(lines), now, this, this);
    }

    private List<String> turn(SyncSession session, long nanos) {
        now += nanos;
        sent.clear();
        session.onDeadline(now, this);
        session.transmit(now, this, this, Integer.MAX_VALUE);
        return List.copyOf(sent);
    }

    @Override
    public int encode(long handle, ByteBuf out) {
        Integer type = own.get(handle);
        if (type == null) {
            return GONE;
        }
        out.writeLong(handle);
        return type;
    }

    @Override
    public void released(long handle) {
        released.add(handle);
    }

    @Override
    public boolean onMessage(int type, ByteBuf payload) {
        taken.add(type);
        return true;
    }

    @Override
    public void onResyncRequested() {
        asked++;
    }

    @Override
    public void onSignal(SessionSignal signal) {
        signals.add(signal);
    }

    @Override
    public boolean send(ByteBuf datagram) {
        if (refusing) {
            return false;
        }
        sent.addAll(Frames.lines(datagram));
        return true;
    }
}
