// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpectationCodecTest {
    private static final Tuple CONTROL = Tuple.ipv4(0xac10000a, 0xc633640a, Protocol.TCP, 55180, 21);
    private static final Tuple DATA = Tuple.ipv4(0xac10000a, 0xc633640a, Protocol.TCP, 0, 7681);
    private static final Tuple MASK = Tuple.ipv4(-1, -1, Protocol.TCP, 0, 0xffff);

    private final ConntrackDecoder decoder = new ConntrackDecoder();
    private final ByteBuf message = Unpooled.buffer();

    private static Expectation ftp() {
        return Expectation.builder(DATA, MASK, CONTROL)
                .nat(new ExpectationNat(Tuple.ipv4(0, 0, Protocol.TCP, 7681, 0), 0))
                .flags(0)
                .expectationClass(0)
                .helper("ftp")
                .function("nat-follow-master")
                .build();
    }

    private MessageKind decode() {
        decoder.begin(message);
        assertThat(decoder.next()).isTrue();
        return decoder.kind();
    }

    @Test
    void aCreateSaysAllButTheIdWithTheGivenTimeout() {
        Random random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            Expectation expectation = Expectations.any(random);
            message.clear();
            ExpectationEncoder.create(
                    message, 9, true, expectation.toBuilder().id(7).build(), 300);
            assertThat(message.readableBytes()).isLessThanOrEqualTo(ConntrackEncoder.MAX_MESSAGE_OCTETS);
            assertThat(decode()).isEqualTo(MessageKind.EXPECTATION_NEW);
            assertThat(decoder.expectation())
                    .isEqualTo(expectation.toBuilder().timeoutSeconds(300).build());
            assertThat(decoder.family())
                    .isEqualTo(expectation.expected().family().number());
            assertThat(decoder.unknownAttributeCount()).isZero();
        }
    }

    @Test
    void translationClassAndFunctionGoToTheKernel() {
        ExpectationEncoder.create(message, 1, false, ftp(), 300);
        decode();
        assertThat(decoder.expectation().nat()).isEqualTo(ftp().nat());
        assertThat(decoder.expectation().function()).isEqualTo("nat-follow-master");
        assertThat(decoder.expectation().has(ExpectationAttribute.CLASS)).isTrue();
    }

    @Test
    void whatTheKernelTellsIsReadWithItsId() {
        Expectation told = ftp().toBuilder().timeoutSeconds(297).id(0xfedcba98L).build();
        for (MessageKind kind : MessageKind.values()) {
            if (!kind.hasExpectation()) {
                assertThatThrownBy(() -> ExpectationEncoder.event(message, kind, 0, told))
                        .isInstanceOf(IllegalArgumentException.class);
                continue;
            }
            message.clear();
            ExpectationEncoder.event(message, kind, 0xf0000001L, told);
            assertThat(decode()).isEqualTo(kind);
            assertThat(decoder.portId()).isEqualTo(0xf0000001L);
            assertThat(decoder.expectation()).isEqualTo(told);
            assertThatThrownBy(decoder::flow).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void requestsAreWhatTheKernelReads() {
        ExpectationEncoder.flush(message, 5);
        assertThat(ByteBufUtil.hexDump(message))
                .isEqualTo("14000000" + "0202" + "0500" + "05000000" + "00000000".repeat(2));
        message.clear();
        ExpectationEncoder.dump(message, 5, null);
        assertThat(ByteBufUtil.hexDump(message))
                .isEqualTo("14000000" + "0102" + "0103" + "05000000" + "00000000".repeat(2));
        message.clear();
        ExpectationEncoder.deleteOfHelper(message, 5, "ftp");
        assertThat(ByteBufUtil.hexDump(message)).endsWith("08000600" + "66747000");
        message.clear();
        ExpectationEncoder.delete(
                message, 5, true, ftp().toBuilder().id(1).zone(2).build());
        assertThat(ByteBufUtil.hexDump(message)).endsWith("08000500" + "00000001" + "06000700" + "00020000");
    }

    @Test
    void anExpectationWithoutMaskOrMasterIsRefused() {
        ExpectationEncoder.get(message, 1, false, DATA, 0);
        message.setShortLE(4, 0x0200);
        assertThat(decode()).isEqualTo(MessageKind.MALFORMED);
        assertThat(decoder.malformed()).isEqualTo(MalformedReason.INCOMPLETE_EXPECTATION);
    }

    @Test
    void aTranslationInAThirdDirectionIsRefused() {
        ExpectationEncoder.create(message, 1, false, ftp(), 300);
        int at = ByteBufUtil.indexOf(Unpooled.wrappedBuffer(new byte[] {8, 0, 1, 0, 0, 0, 0, 0}), message);
        message.setInt(at + 4, 2);
        assertThat(decode()).isEqualTo(MessageKind.MALFORMED);
        assertThat(decoder.malformed()).isEqualTo(MalformedReason.WRONG_EXPECTATION_NAT);
    }
}
