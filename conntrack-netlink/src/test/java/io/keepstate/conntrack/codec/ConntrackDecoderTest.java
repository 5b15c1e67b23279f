// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.conntrack.Flows;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class ConntrackDecoderTest {
    private final ConntrackEncoder encoder = new ConntrackEncoder(false);
    private final ConntrackDecoder decoder = new ConntrackDecoder();
    private final ByteBuf message = Unpooled.buffer();

    private MessageKind decode() {
        decoder.begin(message);
        assertThat(decoder.next()).isTrue();
        return decoder.kind();
    }

    @Test
    void aLengthThatIsNoMultipleOfFourIsNormal() {
        encoder.delete(message, 1, false, Flows.tcp(1));
        message.writeShortLE(5).writeShortLE(0x3f).writeByte(9); // an unknown attribute of one octet, unpadded
        message.setIntLE(0, message.readableBytes());
        assertThat(decode()).isEqualTo(MessageKind.DESTROY);
        assertThat(decoder.unknownAttributeCount()).isEqualTo(1);
        assertThat(decoder.next()).isFalse();
    }

    @Test
    void aMalformedMessageCostsOnlyItself() {
        encoder.create(message, 1, false, Flows.tcp(1), 60);
        int second = message.writerIndex();
        encoder.create(message, 2, false, Flows.tcp(2), 60);
        message.setShortLE(20, 3); // the first attribute of the first message claims 3 octets
        assertThat(decode()).isEqualTo(MessageKind.MALFORMED);
        assertThat(decoder.malformed()).isEqualTo(MalformedReason.WRONG_ATTRIBUTE_LENGTH);
        assertThat(decoder.next()).isTrue();
        assertThat(decoder.flow().mark()).isEqualTo(2);
        assertThat(second).isPositive();
    }

    @Test
    void portIdsAreUnsigned() {
        encoder.delete(message, 1, false, Flows.tcp(1));
        message.setIntLE(12, 0xfffff000);
        decode();
        assertThat(decoder.portId()).isEqualTo(0xfffff000L);
    }

    @Test
    void onlyNewCarriesCreateAndExcl() {
        encoder.create(message, 1, false, Flows.tcp(1), 60);
        assertThat(decode()).isEqualTo(MessageKind.NEW);
        message.clear();
        encoder.update(message, 1, false, Flows.tcp(1), 60, ConntrackEncoder.STATUS_UNKNOWN);
        assertThat(decode()).isEqualTo(MessageKind.UPDATE);
        assertThat(decoder.flow().has(Attribute.STATUS)).isFalse();
    }

    @Test
    void anErrorOfZeroIsAnAcknowledgement() {
        message.writeIntLE(20)
                .writeShortLE(2)
                .writeShortLE(0)
                .writeIntLE(9)
                .writeIntLE(0)
                .writeIntLE(0);
        assertThat(decode()).isEqualTo(MessageKind.ACK);
        message.setIntLE(16, -17);
        assertThat(decode()).isEqualTo(MessageKind.ERROR);
        assertThat(decoder.errno()).isEqualTo(17);
        assertThat(decoder.sequence()).isEqualTo(9);
        assertThatThrownBy(decoder::flow).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCreateNeverWritesADumpedReplyTupleBack() {
        Flow dumped = Flows.tcp("10.0.0.1", 1113, "10.0.1.2", 81).toBuilder()
                .reply(Flows.tuple(6, "10.0.1.2", 81, "9.9.9.9", 5555))
                .status(Flows.ESTABLISHED | Status.SRC_NAT | Status.SRC_NAT_DONE)
                .build();
        encoder.create(message, 1, false, dumped, 60);
        decode();
        assertThat(decoder.flow().reply()).isEqualTo(dumped.original().inverted());
        assertThat(decoder.flow().sourceNat()).isEqualTo(new NatTarget(IpAddress.parse("9.9.9.9"), 5555));
        assertThat(decoder.flow().destinationNat()).isNull();
        assertThat(decoder.flow().status()).isEqualTo(Flows.ESTABLISHED);
    }

    @Test
    void aTranslatedAddressNamesItsPortTooSoThatTheKernelCannotChooseAnother() {
        Flow told = Flows.tcp("10.0.0.1", 1113, "10.0.1.2", 81).toBuilder()
                .sourceNat(new NatTarget(Flows.PUBLIC, 0))
                .build();
        encoder.create(message, 1, false, told, 60);
        decode();
        assertThat(decoder.flow().sourceNat()).isEqualTo(new NatTarget(Flows.PUBLIC, 1113));
    }

    @Test
    void anUpdateKeepsTheBitsTheKernelHasAndAddsNoneOfHarm() {
        assertThat(ConntrackEncoder.statusForUpdate(0xffff, 0)).isEqualTo(Flows.ESTABLISHED);
        assertThat(ConntrackEncoder.statusForUpdate(0, Flows.ESTABLISHED | Status.EXPECTED))
                .isEqualTo(Flows.ESTABLISHED | Status.EXPECTED);
        assertThat(ConntrackEncoder.statusForCreate(0xffff)).isEqualTo(Flows.ESTABLISHED);
    }

    @Test
    void windowTrackingSendsScalesInsteadOfBeingLiberal() {
        Flow flow = Flows.tcp(1).toBuilder()
                .set(Attribute.TCP_WSCALE_ORIGINAL, 7)
                .set(Attribute.TCP_WSCALE_REPLY, 9)
                .build();
        new ConntrackEncoder(true).create(message, 1, false, flow, 60);
        decode();
        assertThat(decoder.flow().get(Attribute.TCP_WSCALE_REPLY)).isEqualTo(9);
        assertThat(decoder.flow().get(Attribute.TCP_FLAGS_ORIGINAL)).isEqualTo(0x0103);
    }
}
