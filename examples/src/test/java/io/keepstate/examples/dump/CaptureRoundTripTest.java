// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.dump.capture.CaptureReader;
import io.keepstate.examples.dump.capture.Frame;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationBuilder;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.text.FlowXml;
import io.keepstate.flow.wire.ExpectationDecoder;
import io.keepstate.flow.wire.ExpectationEncoder;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.ftfw.FrameKind;
import io.keepstate.ftfw.FrameReader;
import io.keepstate.ftfw.NetHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every message that conntrackd 1.4.7 sent in the captured sessions: read, and written again octet for octet. */
class CaptureRoundTripTest {
    private static final WireOptions EVERYTHING = new WireOptions(true, true);
    private static final int UDP_HEADER = 8;

    private final FlowEncoder encoder = new FlowEncoder(WireProfile.V1_4_7, EVERYTHING);
    private final FlowDecoder decoder = new FlowDecoder(WireProfile.V1_4_7);
    private final FlowBuilder flow = new FlowBuilder();
    private final ExpectationEncoder expectationEncoder = new ExpectationEncoder(EVERYTHING);
    private final ExpectationDecoder expectationDecoder = new ExpectationDecoder();
    private final ExpectationBuilder expectation = new ExpectationBuilder();

    /** A state message, and who sent it. */
    private record Message(String source, int type, ByteBuf payload) {}

    @ParameterizedTest
    @CsvSource({
        "ftfw-csum-on, 154",
        "ftfw-csum-off, 148",
        "ftfw-mcast, 110",
        "ftfw-tcpwindow, 134",
        "ftfw-loss, 507",
        "ftfw-resync, 208",
        "ftfw-expect, 11"
    })
    void everyMessageIsWrittenAgainAsItWas(String capture, int expected) throws Exception {
        List<Message> messages = messages(capture);

        assertThat(messages).hasSize(expected);
        for (Message message : messages) {
            assertThat(again(message)).isEqualTo(ByteBufUtil.hexDump(message.payload()));
        }
    }

    /** The dump of ftfw-expect was taken before the control connections were closed. */
    @ParameterizedTest
    @CsvSource({"ftfw-loss, " + TcpState.CLOSE, "ftfw-expect, " + TcpState.ESTABLISHED})
    void theFlowsAreThoseThatConntrackdHadInTheEnd(String capture, int lastState) throws Exception {
        Map<FlowKey, String> flows = new LinkedHashMap<>();
        for (Message message : messages(capture)) {
            if (MessageType.isFlow(message.type()) && message.source().equals("10.0.0.1")) {
                Flow read = flow(message);
                if (message.type() == MessageType.FLOW_DESTROY) {
                    flows.remove(read.key());
                } else if (read.tcpState() <= lastState) {
                    flows.put(read.key(), FlowXml.format(read));
                }
            }
        }
        assertThat(flows.values()).containsExactlyInAnyOrderElementsOf(DumpRun.textOf(capture + ".fw2-external.xml"));
    }

    @Test
    void expectationsKeepTheirTranslationAndFunction() throws Exception {
        List<Expectation> expectations = new ArrayList<>();
        for (Message message : messages("ftfw-expect")) {
            if (MessageType.isExpectation(message.type())) {
                expectations.add(expectation(message));
            }
        }
        assertThat(expectations).hasSize(2).allSatisfy(read -> {
            Tuple saved = Tuple.ipv4(0, 0, Protocol.TCP, read.expected().destinationPort(), 0);
            assertThat(read.nat()).isEqualTo(new ExpectationNat(saved, 0));
            assertThat(read.function()).isEqualTo("nat-follow-master");
            assertThat(read.helper()).isEqualTo("ftp");
            assertThat(read.flags()).isZero();
            assertThat(read.expectationClass()).isZero();
        });
    }

    private String again(Message message) {
        ByteBuf out = Unpooled.buffer();
        if (MessageType.isFlow(message.type())) {
            assertThat(encoder.encode(flow(message), out)).isNull();
        } else {
            assertThat(expectationEncoder.encode(expectation(message), out)).isNull();
        }
        return ByteBufUtil.hexDump(out);
    }

    private Flow flow(Message message) {
        assertThat(decoder.decode(message.payload(), flow)).isNull();
        return flow.build();
    }

    private Expectation expectation(Message message) {
        assertThat(expectationDecoder.decode(message.payload(), expectation)).isNull();
        return expectation.build();
    }

    private static List<Message> messages(String capture) throws Exception {
        List<Message> messages = new ArrayList<>();
        try (CaptureReader reader = CaptureReader.open(DumpRun.resource(capture + ".pcap"))) {
            for (Optional<Frame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                LinkFrame link = LinkFrame.of(frame.get()).orElseThrow();
                IpPacket.of(link.etherType(), link.payload()).ifPresent(packet -> addTo(messages, packet));
            }
        }
        return messages;
    }

    private static void addTo(List<Message> messages, IpPacket packet) {
        ByteBuf udp = packet.payload();
        if (packet.protocol() != IpPacket.UDP || udp.getUnsignedShort(2) != DumpOptions.SYNC_PORT) {
            return;
        }
        ByteBuf datagram = udp.slice(UDP_HEADER, udp.getUnsignedShort(4) - UDP_HEADER);
        FrameReader reader = new FrameReader();
        reader.wrap(datagram);
        while (reader.next()) {
            assertThat(reader.rejected()).isNull();
            if (reader.kind() == FrameKind.DATA) {
                ByteBuf payload = datagram.slice(reader.payloadIndex(), reader.payloadLength());
                assertThat(reader.type()).isNotEqualTo(NetHeader.CTL);
                messages.add(new Message(packet.source().toString(), reader.type(), payload));
            }
        }
    }
}
