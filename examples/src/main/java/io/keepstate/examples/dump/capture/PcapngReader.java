// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * pcapng (draft-ietf-opsawg-pcapng): sections, the interfaces of each, and their packets in enhanced, simple or the old
 * packet blocks. Everything else is skipped.
 */
final class PcapngReader implements CaptureReader {
    /** Type of the section header block; a palindrome, so that it reads the same in both byte orders. */
    static final int SECTION_HEADER = 0x0a0d0d0a;

    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER = 0x1a2b3c4d;
    private static final int OPTION_RESOLUTION = 9;
    private static final int OPTION_OFFSET = 14;
    /** A block's type and length before its body, and its length again after it. */
    private static final int HEAD = 8;

    private static final int TRAILER = 4;
    private static final int MAX_BLOCK = 16 << 20;
    private static final BigInteger MICROS = BigInteger.valueOf(1_000_000);

    /** What the section says of one of its interfaces; ticks of its clock in a second. */
    private record Interface(int linkType, int snapLength, BigInteger ticks, long offsetSeconds) {}

    private final CaptureStream in;
    private final List<Interface> interfaces = new ArrayList<>();
    private boolean littleEndian;
    private long number;

    /** Of a stream whose first four octets were {@link #SECTION_HEADER}. */
    PcapngReader(CaptureStream in) throws CaptureException {
        this.in = in;
        section(in.rest(4, "its first block"));
    }

    @Override
    public Optional<Frame> next() throws CaptureException {
        while (true) {
            ByteBuf head = Unpooled.buffer(HEAD);
            int read = in.read(head, HEAD);
            if (read == 0) {
                return Optional.empty();
            }
            if (read < HEAD) {
                throw in.damaged("a block is cut off in its header");
            }
            int type = number(head, 0);
            if (type == SECTION_HEADER) {
                section(head.slice(4, 4));
                continue;
            }
            ByteBuf body = body(number(head, 4));
            if (type == INTERFACE_DESCRIPTION) {
                interfaces.add(description(body));
            }
            Optional<Frame> frame = packet(type, body);
            if (frame.isPresent()) {
                return frame;
            }
        }
    }

    /** A section may have another byte order than the one before; the length in its head is in the new one already. */
    private void section(ByteBuf length) throws CaptureException {
        ByteBuf order = in.rest(4, "a section header");
        littleEndian = order.getIntLE(0) == BYTE_ORDER;
        if (!littleEndian && order.getInt(0) != BYTE_ORDER) {
            throw in.damaged("a section header without its byte order magic");
        }
        int total = number(length, 0);
        if (total < HEAD + 4 + TRAILER || total > MAX_BLOCK) {
            throw in.damaged("a section header of " + (total & 0xffff_ffffL) + " octets");
        }
        in.rest(total - HEAD - 4, "a section header");
        interfaces.clear();
    }

    private ByteBuf body(int total) throws CaptureException {
        if (total < HEAD + TRAILER || total > MAX_BLOCK || (total & 3) != 0) {
            throw in.damaged("a block of " + (total & 0xffff_ffffL) + " octets");
        }
        ByteBuf body = in.rest(total - HEAD, "a block");
        return body.slice(0, total - HEAD - TRAILER);
    }

    private Interface description(ByteBuf body) throws CaptureException {
        if (body.readableBytes() < 8) {
            throw in.damaged("an interface description of " + body.readableBytes() + " octets");
        }
        BigInteger ticks = MICROS;
        long offset = 0;
        int at = 8;
        while (at + 4 <= body.readableBytes()) {
            int code = half(body, at);
            int length = half(body, at + 2);
            at += 4;
            if (code == 0 || at + length > body.readableBytes()) {
                break;
            }
            if (code == OPTION_RESOLUTION && length >= 1) {
                int exponent = body.getUnsignedByte(at);
                ticks = (exponent & 0x80) != 0
                        ? BigInteger.TWO.pow(exponent & 0x7f)
                        : BigInteger.TEN.pow(Math.min(exponent, 30));
            } else if (code == OPTION_OFFSET && length >= 8) {
                offset = littleEndian ? body.getLongLE(at) : body.getLong(at);
            }
            at += (length + 3) & ~3;
        }
        return new Interface(half(body, 0), number(body, 4), ticks, offset);
    }

    private Optional<Frame> packet(int type, ByteBuf body) throws CaptureException {
        return switch (type) {
            case ENHANCED_PACKET -> {
                require(body, 20);
                yield Optional.of(frame(body, 20, number(body, 0), stamp(body), number(body, 12), number(body, 16)));
            }
            case PACKET -> {
                require(body, 20);
                yield Optional.of(frame(body, 20, half(body, 0), stamp(body), number(body, 12), number(body, 16)));
            }
            case SIMPLE_PACKET -> {
                require(body, 4);
                int length = number(body, 0);
                int limit = interfaces.isEmpty() ? 0 : interfaces.get(0).snapLength();
                int captured = limit > 0 ? Math.min(limit, length) : length;
                yield Optional.of(frame(body, 4, 0, BigInteger.ZERO, captured, length));
            }
            default -> Optional.empty();
        };
    }

    private Frame frame(ByteBuf body, int at, int from, BigInteger stamp, int captured, int length)
            throws CaptureException {
        number++;
        if (from < 0 || from >= interfaces.size()) {
            throw in.damaged("packet " + number + " of interface " + from + ", which was not described");
        }
        if (captured < 0 || captured > body.readableBytes() - at || captured > MAX_FRAME_OCTETS) {
            throw in.damaged("packet " + number + " claims " + (captured & 0xffff_ffffL) + " octets");
        }
        Interface seen = interfaces.get(from);
        long micros = stamp.multiply(MICROS).divide(seen.ticks()).longValue() + seen.offsetSeconds() * 1_000_000;
        return new Frame(number, micros, seen.linkType(), body.slice(at, captured), Math.max(captured, length));
    }

    private void require(ByteBuf body, int octets) throws CaptureException {
        if (body.readableBytes() < octets) {
            throw in.damaged("a packet block of " + body.readableBytes() + " octets");
        }
    }

    /** The upper and the lower half, each in the byte order of the section. */
    private BigInteger stamp(ByteBuf body) {
        return BigInteger.valueOf(number(body, 4) & 0xffff_ffffL)
                .shiftLeft(32)
                .or(BigInteger.valueOf(number(body, 8) & 0xffff_ffffL));
    }

    private int half(ByteBuf from, int at) {
        return littleEndian ? from.getUnsignedShortLE(at) : from.getUnsignedShort(at);
    }

    private int number(ByteBuf from, int at) {
        return littleEndian ? from.getIntLE(at) : from.getInt(at);
    }

    @Override
    public void close() {
        in.close();
    }
}
