// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.flow.Flow;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.MalformedPayload;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.ftfw.FrameReader;
import io.keepstate.ftfw.NetHeader;
import io.keepstate.ftfw.RejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A peer that says good things and bad ones, and knows by which reason each bad one is to be refused. */
final class BadSyncMessages {
    /** One payload for each reason to refuse a flow, as attributes of length:16, number:16, data (hex). */
    private static final List<Map.Entry<MalformedPayload, String>> PAYLOADS = List.of(
            Map.entry(MalformedPayload.TRUNCATED_ATTRIBUTE, "00400005 00000000"),
            Map.entry(MalformedPayload.SHORT_ATTRIBUTE, "00030005 00000000"),
            Map.entry(MalformedPayload.UNKNOWN_ATTRIBUTE, "00080063 00000000"),
            Map.entry(MalformedPayload.WRONG_SIZE, "00060005 00000000"),
            Map.entry(MalformedPayload.TOO_LONG, "0014001b 66747066 74706674 70667470 66747000"),
            Map.entry(MalformedPayload.BAD_HELPER_NAME, "0008001b 66070a00"),
            Map.entry(MalformedPayload.BAD_STATE, "00050004 ff000000"),
            Map.entry(MalformedPayload.NO_ADDRESSES, "00050002 06000000"),
            Map.entry(MalformedPayload.NO_PROTOCOL, "000c0000 ac10000a 0a0f0701"),
            Map.entry(MalformedPayload.NO_PORTS, "000c0000 ac10000a 0a0f0701 00050002 06000000"),
            Map.entry(MalformedPayload.NO_ICMP_IDENTITY, "000c0000 ac10000a 0a0f0701 00050002 01000000"),
            Map.entry(
                    MalformedPayload.INCOMPLETE_MASTER,
                    "000c0000 ac10000a 0a0f0701 00050002 06000000 00080003 12345678 0005000a 06000000"),
            Map.entry(
                    MalformedPayload.MIXED_FAMILIES,
                    "000c0000 ac10000a 0a0f0701 00240001" + " 20010db8 00000000 00000000 00000001".repeat(2)));

    private static final int LONGEST = 9000;
    private static final int KINDS = 8;

    private final FlowEncoder encoder = new FlowEncoder(WireProfile.V1_4_7, new WireOptions(true, false));
    private final FrameReader reader = new FrameReader();
    private final Random random;
    private final Map<RejectReason, Long> expected = new EnumMap<>(RejectReason.class);
    private final Map<MalformedPayload, Long> expectedPayloads = new EnumMap<>(MalformedPayload.class);
    private int sequence = 1_000_000;

    BadSyncMessages(long seed) {
        random = new Random(seed);
    }

    /** The reasons there are to refuse a flow. */
    static MalformedPayload[] reasons() {
        return PAYLOADS.stream().map(Map.Entry::getKey).toArray(MalformedPayload[]::new);
    }

    /** What the receiver must have counted by now. */
    Map<RejectReason, Long> expected() {
        return expected;
    }

    /** The same, of payloads. */
    Map<MalformedPayload, Long> expectedPayloads() {
        return expectedPayloads;
    }

    /** A new flow, next in sequence. */
    ByteBuf good(Flow flow) {
        ByteBuf out = state(flow);
        sequence++;
        return out;
    }

    private ByteBuf state(Flow flow) {
        ByteBuf out = Unpooled.directBuffer(256);
        NetHeader.write(out, NetHeader.CT_NEW, 0, 0, sequence);
        encoder.encode(flow, out);
        out.setShort(2, out.readableBytes());
        return out;
    }

    /** The next bad one; made from the octets of a flow that must never be seen. */
    ByteBuf bad(int number, Flow forbidden) {
        if (number % KINDS == 0) {
            return badPayload(number / KINDS);
        }
        ByteBuf out = state(forbidden);
        switch (number % KINDS) {
            case 1 -> out.writerIndex(random.nextInt(NetHeader.LENGTH - 1) + 1);
            case 2 ->
                out.setShort(2, random.nextBoolean() ? random.nextInt(NetHeader.LENGTH) : out.readableBytes() + 1);
            case 3 -> out.setByte(0, (1 + random.nextInt(15)) << 4 ^ NetHeader.VERSION << 4);
            case 4 -> out.setByte(1, 1 << random.nextInt(5));
            case 5 -> range(out);
            case 6 -> oversized(out);
            default -> random(out);
        }
        judge(out);
        return out;
    }

    private ByteBuf badPayload(int number) {
        Map.Entry<MalformedPayload, String> entry = PAYLOADS.get(number % PAYLOADS.size());
        byte[] octets = java.util.HexFormat.of().parseHex(entry.getValue().replace(" ", ""));
        ByteBuf out = Unpooled.directBuffer(64);
        int type = random.nextInt(3);
        NetHeader.write(out, type, 0, NetHeader.LENGTH + octets.length, sequence++);
        out.writeBytes(octets);
        expected.merge(RejectReason.MALFORMED_PAYLOAD, 1L, Long::sum);
        expectedPayloads.merge(entry.getKey(), 1L, Long::sum);
        return out;
    }

    private void range(ByteBuf out) {
        out.clear();
        int flags = random.nextBoolean() ? NetHeader.ACK : NetHeader.NACK;
        NetHeader.writeControl(out, flags, sequence, sequence, sequence - 1 - random.nextInt(1000));
    }

    private void oversized(ByteBuf out) {
        out.clear();
        out.writeZero(1000 + random.nextInt(LONGEST - 1000));
        out.setByte(1, random.nextInt());
    }

    private void random(ByteBuf out) {
        byte[] octets = new byte[1 + random.nextInt(200)];
        do {
            random.nextBytes(octets);
            out.clear().writeBytes(octets);
        } while (!isAllBad(out));
    }

    private boolean isAllBad(ByteBuf datagram) {
        reader.wrap(datagram);
        while (reader.next()) {
            if (reader.rejected() == null) {
                return false;
            }
        }
        return true;
    }

    private void judge(ByteBuf datagram) {
        reader.wrap(datagram);
        while (reader.next()) {
            RejectReason reason = reader.rejected();
            if (reason == null) {
                throw new AssertionError("not bad: " + io.netty.buffer.ByteBufUtil.hexDump(datagram));
            }
            expected.merge(reason, 1L, Long::sum);
        }
    }
}
