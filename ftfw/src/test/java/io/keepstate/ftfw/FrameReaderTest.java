// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checks and their order, as conntrackd makes them. */
class FrameReaderTest {
    private static List<String> read(String hex) {
        return Frames.lines(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", ""))));
    }

    @Test
    void anEmptyDatagramHoldsNothing() {
        assertThat(read("")).isEmpty();
    }

    @Test
    void fewerThanEightOctetsAreTruncated() {
        assertThat(read("1a 10 00 08 00 00 00")).containsExactly("TRUNCATED");
    }

    @Test
    void lengthZeroIsABadSizeAndEndsTheDatagram() {
        assertThat(read("1a100000 00000001  1a100008 00000002")).containsExactly("BAD_SIZE");
    }

    @Test
    void aLengthBeyondTheDatagramIsABadSize() {
        assertThat(read("10000010 00000001 00000000")).containsExactly("BAD_SIZE");
    }

    @Test
    void aLengthBelowTheHeaderIsABadSize() {
        assertThat(read("10000007 00000001")).containsExactly("BAD_SIZE");
    }

    @Test
    void aControlWithoutRoomForItsRangeIsTruncated() {
        assertThat(read("1a08000c 00000001 00000000")).containsExactly("TRUNCATED");
    }

    @Test
    void aControlWhoseLengthLeavesOutItsRangeIsABadSize() {
        assertThat(read("1a080008 00000001 00000000 00000000")).containsExactly("BAD_SIZE");
    }

    @Test
    void aControlTooShortInAForeignVersionIsTruncatedFirst() {
        assertThat(read("2a080008 00000001")).containsExactly("TRUNCATED");
    }

    @Test
    void aForeignVersionIsSkippedAloneAndReadingGoesOn() {
        assertThat(read("2a100008 00000001 1a100008 00000002")).containsExactly("WRONG_VERSION", "ALIVE seq=2");
    }

    @Test
    void anUnknownTypeIsAMalformedHeaderAndReadingGoesOn() {
        assertThat(read("16000008 00000001 1a100008 00000002")).containsExactly("MALFORMED_HEADER", "ALIVE seq=2");
    }

    @Test
    void aStateMessageWithAnotherFlagThanHelloIsAMalformedHeader() {
        assertThat(read("10010008 00000001 10040008 00000002 10600008 00000003"))
                .containsExactly("MALFORMED_HEADER", "MALFORMED_HEADER", "CT_NEW seq=3 HELLO HELLO_BACK payload=");
    }

    @Test
    void aControlWithoutAKnownFlagIsAMalformedHeader() {
        assertThat(read("1a200008 00000001 1a010008 00000002")).containsExactly("MALFORMED_HEADER", "MALFORMED_HEADER");
    }

    @Test
    void ofSeveralControlFlagsTheFirstInTheOrderAckNackResyncAliveCounts() {
        assertThat(read("1a1e0010 00000001 00000005 00000006"
                        + "1a160010 00000002 00000005 00000006"
                        + "1a120010 00000003 00000000 00000000"
                        + "1a11000c 00000004 ffffffff"))
                .containsExactly(
                        "ACK seq=1 from=5 to=6", "NACK seq=2 from=5 to=6", "RESYNC seq=3 from=0 to=0", "ALIVE seq=4");
    }

    @Test
    void aRangeThatEndsBeforeItBeginsIsABadRange() {
        assertThat(read("1a080010 00000001 00000006 00000005 1a040010 00000002 00000006 00000005"))
                .containsExactly("BAD_RANGE", "BAD_RANGE");
    }

    @Test
    void aRangeMayWrap() {
        assertThat(read("1a080010 00000001 fffffffe 00000001")).containsExactly("ACK seq=1 from=4294967294 to=1");
    }

    @Test
    void readingDoesNotMoveTheDatagramsIndices() {
        ByteBuf datagram = Frames.datagram("ALIVE seq=1", "ALIVE seq=2");
        datagram.setIndex(8, 16);
        assertThat(Frames.lines(datagram)).containsExactly("ALIVE seq=2");
        assertThat(datagram.readerIndex()).isEqualTo(8);
        assertThat(datagram.writerIndex()).isEqualTo(16);
    }
}
