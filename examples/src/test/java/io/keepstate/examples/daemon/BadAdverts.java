// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.vrrp.codec.RejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** IPv4 datagrams of protocol 112, good ones of fw1 and bad ones with the reason for which they must be refused. */
final class BadAdverts {
    /** What can come as far as a raw socket bound to the group; the kernel drops bad IP headers and other destinations. */
    static final List<RejectReason> REACHABLE = List.of(
            RejectReason.TRUNCATED,
            RejectReason.BAD_TTL,
            RejectReason.BAD_VERSION,
            RejectReason.BAD_TYPE,
            RejectReason.WRONG_VRID,
            RejectReason.COUNT_ZERO,
            RejectReason.LENGTH_MISMATCH,
            RejectReason.BAD_CHECKSUM,
            RejectReason.AUTH_TYPE_MISMATCH,
            RejectReason.WRONG_PASSWORD,
            RejectReason.INTERVAL_ZERO,
            RejectReason.INTERVAL_MISMATCH);

    private static final int HEADER = 20;
    private static final int MESSAGE = 20;
    private static final int TTL = 8;

    private final Random random;
    private final Map<RejectReason, Long> expected = new EnumMap<>(RejectReason.class);

    BadAdverts(long seed) {
        random = new Random(seed);
    }

    Map<RejectReason, Long> expected() {
        return expected;
    }

    /** The advert of the active router of this VRID. */
    ByteBuf good(int virtualRouterId) {
        return checksummed(advert(virtualRouterId, 100));
    }

    /** A bad one: apart from what is wrong it would make the receiver elect at once, or never. */
    ByteBuf bad(int number, int virtualRouterId) {
        RejectReason reason = REACHABLE.get(number % REACHABLE.size());
        expected.merge(reason, 1L, Long::sum);
        int[] priorities = {0, 255, 100, random.nextInt(256)};
        ByteBuf out = advert(virtualRouterId, priorities[random.nextInt(priorities.length)]);
        switch (reason) {
            case TRUNCATED -> out.writerIndex(HEADER + random.nextInt(8));
            case BAD_TTL -> out.setByte(TTL, random.nextInt(255));
            case BAD_VERSION -> out.setByte(HEADER, (4 + random.nextInt(12)) << 4 | 1);
            case BAD_TYPE -> out.setByte(HEADER, 0x20 | (2 + random.nextInt(14)));
            case WRONG_VRID -> out.setByte(HEADER + 1, 100 + random.nextInt(100));
            case COUNT_ZERO -> out.setByte(HEADER + 3, 0);
            case LENGTH_MISMATCH -> mismatch(out);
            case AUTH_TYPE_MISMATCH -> out.setByte(HEADER + 4, random.nextBoolean() ? 0 : 2);
            case WRONG_PASSWORD -> out.setByte(HEADER + 12 + random.nextInt(8), 1);
            case INTERVAL_ZERO -> out.setByte(HEADER + 5, 0);
            case INTERVAL_MISMATCH -> out.setByte(HEADER + 5, 2 + random.nextInt(254));
            default -> {}
        }
        if (out.readableBytes() >= HEADER + 8) {
            checksummed(out);
        }
        if (reason == RejectReason.BAD_CHECKSUM) {
            int at = HEADER + 6 + random.nextInt(2);
            out.setByte(at, out.getByte(at) ^ 1 << random.nextInt(8));
        }
        return out;
    }

    private void mismatch(ByteBuf out) {
        switch (random.nextInt(3)) {
            case 0 -> out.setByte(HEADER + 3, 2 + random.nextInt(254));
            case 1 -> out.writerIndex(HEADER + 8 + random.nextInt(MESSAGE - 8));
            // Two or six octets too many would be the padding of a short Ethernet frame, which is forgiven.
            default -> out.writeZero(7 + random.nextInt(1394));
        }
    }

    private static ByteBuf advert(int virtualRouterId, int priority) {
        ByteBuf out = Unpooled.directBuffer(HEADER + MESSAGE);
        // The kernel fills in the total length, the identification and the checksum (raw(7), IP_HDRINCL).
        out.writeInt(0x45c00000).writeInt(0).writeByte(255).writeByte(112).writeShort(0);
        out.writeInt(virtualRouterId == 61 ? 0x0a0f0765 : 0xac100065).writeInt(0xe0000012);
        out.writeByte(0x21).writeByte(virtualRouterId).writeByte(priority).writeByte(1);
        out.writeByte(1).writeByte(1).writeShort(0);
        out.writeInt(virtualRouterId == 61 ? 0x0a0f0764 : 0xac100064);
        out.writeBytes("zzzz\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
        return out;
    }

    /** RFC 1071 over the message. */
    private static ByteBuf checksummed(ByteBuf out) {
        out.setShort(HEADER + 6, 0);
        int end = out.writerIndex();
        long sum = 0;
        for (int at = HEADER; at < end; at += 2) {
            sum += at + 1 < end ? out.getUnsignedShort(at) : out.getUnsignedByte(at) << 8;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        out.setShort(HEADER + 6, (int) ~sum);
        return out;
    }
}
