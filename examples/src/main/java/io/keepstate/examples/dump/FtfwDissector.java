// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.flow.ExpectationBuilder;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.wire.ExpectationDecoder;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.MalformedPayload;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.ftfw.FrameKind;
import io.keepstate.ftfw.FrameReader;
import io.keepstate.ftfw.NetHeader;
import io.keepstate.ftfw.RejectReason;
import io.keepstate.vrrp.codec.InternetChecksum;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sync messages of conntrackd in UDP: one line for each message of a datagram. */
final class FtfwDissector {
    private static final int UDP_HEADER = 8;
    private static final List<String> TYPES = List.of("ct_new", "ct_upd", "ct_del", "exp_new", "exp_upd", "exp_del");
    private static final Map<Integer, String> FLAGS = Map.of(
            NetHeader.RESYNC, "resync",
            NetHeader.NACK, "nack",
            NetHeader.ACK, "ack",
            NetHeader.ALIVE, "alive",
            NetHeader.HELLO, "hello",
            NetHeader.HELLO_BACK, "hello_back");

    private final FrameReader reader = new FrameReader();
    private final FlowDecoder decoder = new FlowDecoder(WireProfile.V1_4_7);
    private final FlowBuilder flow = new FlowBuilder();
    private final ExpectationDecoder expectations = new ExpectationDecoder();
    private final ExpectationBuilder expectation = new ExpectationBuilder();
    private final int port;

    /** Takes the UDP port of the sync link. */
    FtfwDissector(int port) {
        this.port = port;
    }

    /** Whether this packet of UDP is of the sync link. */
    boolean matches(IpPacket packet) {
        ByteBuf udp = packet.payload();
        return packet.fragmentOffset() == 0
                && udp.readableBytes() >= 4
                && (udp.getUnsignedShort(0) == port || udp.getUnsignedShort(2) == port);
    }

    /** Describes all messages of a datagram, or what is wrong with it as a whole. */
    void describe(IpPacket packet, Supplier<DumpLine> lines, Consumer<DumpLine> out) {
        ByteBuf udp = packet.payload();
        if (udp.readableBytes() < UDP_HEADER || udp.getUnsignedShort(4) < UDP_HEADER) {
            DumpLine line = line(packet, lines);
            line.malformed("truncated", "the UDP header is cut off, or says that it is");
            out.accept(line);
            return;
        }
        int claimed = udp.getUnsignedShort(4) - UDP_HEADER;
        int there = udp.readableBytes() - UDP_HEADER;
        reader.wrap(udp.slice(UDP_HEADER, Math.min(claimed, there)));
        int index = 0;
        while (reader.next()) {
            DumpLine line = line(packet, lines);
            line.put("index", index++);
            message(line, udp.slice(UDP_HEADER, Math.min(claimed, there)));
            if (claimed > there) {
                line.malformed("truncated", there + " of " + claimed + " octets of the datagram are there");
            }
            out.accept(line);
        }
        if (index == 0) {
            DumpLine line = line(packet, lines);
            line.malformed("truncated", "the datagram has no message in it");
            out.accept(line);
        }
    }

    private static DumpLine line(IpPacket packet, Supplier<DumpLine> lines) {
        DumpLine line = lines.get();
        packet.describe(line);
        ByteBuf udp = packet.payload();
        line.put("src_port", udp.getUnsignedShort(0)).put("dst_port", udp.getUnsignedShort(2));
        if (udp.readableBytes() >= UDP_HEADER) {
            int checksum = udp.getUnsignedShort(6);
            line.put("udp_checksum", checksum);
            // Zero: not computed. A sender's own capture shows what its network card has not filled in yet: no
            // judgement.
            boolean judged = checksum != 0 && udp.getUnsignedShort(4) == udp.readableBytes();
            line.put("udp_checksum_ok", judged ? (Object) isRight(packet, udp) : null);
        }
        return line;
    }

    private static boolean isRight(IpPacket packet, ByteBuf udp) {
        long sum = InternetChecksum.sum(udp, 0, udp.readableBytes());
        return InternetChecksum.finish(sum
                        + InternetChecksum.pseudoHeader(
                                packet.source(), packet.destination(), IpPacket.UDP, udp.readableBytes()))
                == 0;
    }

    private void message(DumpLine line, ByteBuf datagram) {
        RejectReason rejected = reader.rejected();
        if (datagram.readableBytes() - reader.index() >= NetHeader.LENGTH) {
            header(line, datagram);
        }
        if (rejected != null) {
            line.malformed(lower(rejected), text(rejected));
            return;
        }
        line.put("kind", lower(reader.kind()));
        if (reader.kind().isRanged()) {
            line.put("from", reader.from() & 0xffff_ffffL).put("to", reader.to() & 0xffff_ffffL);
        }
        if (reader.kind() == FrameKind.DATA) {
            payload(line, datagram.slice(reader.payloadIndex(), reader.payloadLength()));
        }
    }

    private void header(DumpLine line, ByteBuf datagram) {
        int flags = reader.flags();
        line.put("version", datagram.getUnsignedByte(reader.index()) >>> 4);
        line.put("type", reader.type());
        line.put("type_name", typeName(reader.type()));
        line.put("flags", flags);
        line.putList("flag_names", names(flags));
        line.put("hello", reader.isHello()).put("hello_back", reader.isHelloBack());
        line.put("length", reader.length());
        line.put("seq", reader.sequence() & 0xffff_ffffL);
    }

    private void payload(DumpLine line, ByteBuf payload) {
        boolean expected = MessageType.isExpectation(reader.type());
        MalformedPayload reason = expected ? expectations.decode(payload, expectation) : decoder.decode(payload, flow);
        if (reason != null) {
            line.malformed(lower(reason), "the attributes do not describe " + (expected ? "an expectation" : "a flow"));
            line.putList("attributes", attributes(payload));
        } else if (expected) {
            line.put("expectation", ExpectationFields.of(expectation.build()));
        } else {
            line.put("flow", FlowFields.of(flow.build()));
        }
    }

    /** All attributes as they are, as far as they can be told apart: for payloads that make no sense as a whole. */
    static List<Map<String, Object>> attributes(ByteBuf payload) {
        List<Map<String, Object>> attributes = new ArrayList<>();
        int at = 0;
        int end = payload.readableBytes();
        while (end - at >= 4) {
            int length = payload.getUnsignedShort(at);
            int data = Math.max(0, Math.min(length, end - at) - 4);
            attributes.add(Map.of(
                    "number",
                    payload.getUnsignedShort(at + 2),
                    "length",
                    length,
                    "data",
                    ByteBufUtil.hexDump(payload, at + 4, data)));
            if (length < 4) {
                break;
            }
            at += (length + 3) & ~3;
        }
        return attributes;
    }

    private static @Nullable String typeName(int type) {
        return type < TYPES.size() ? TYPES.get(type) : type == NetHeader.CTL ? "ctl" : null;
    }

    private static List<String> names(int flags) {
        List<String> names = new ArrayList<>();
        for (int bit = 1; bit <= 0x80; bit <<= 1) {
            if ((flags & bit) != 0) {
                names.add(FLAGS.getOrDefault(bit, "0x" + Integer.toHexString(bit)));
            }
        }
        return names;
    }

    private static String text(RejectReason reason) {
        return switch (reason) {
            case TRUNCATED -> "fewer octets are left than a header, or the range of a control, has";
            case BAD_SIZE -> "its length is zero, less than its header, or beyond the datagram";
            case WRONG_VERSION -> "the protocol version must be 1";
            case MALFORMED_HEADER -> "there is no such type, or not with these flags";
            case BAD_RANGE -> "the range ends before it begins";
            case MALFORMED_PAYLOAD -> "the attributes cannot be read";
        };
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
