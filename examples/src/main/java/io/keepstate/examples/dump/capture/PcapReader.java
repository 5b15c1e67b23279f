// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/** The classic form: a header of 24 octets, then records, all in the byte order of who wrote it. */
final class PcapReader implements CaptureReader {
    private static final int MAGIC_MICROS = 0xa1b2c3d4;
    private static final int MAGIC_NANOS = 0xa1b23c4d;
    private static final int HEADER_REST = 20;
    private static final int LINK_TYPE = 16;
    /** The upper bits say whether frames end with a check sequence. */
    private static final int LINK_TYPE_MASK = 0xffff;

    private static final int RECORD_HEADER = 16;

    private final CaptureStream in;
    private final boolean littleEndian;
    private final boolean nanos;
    private final int linkType;
    private long number;

    private PcapReader(CaptureStream in, boolean littleEndian, boolean nanos) throws CaptureException {
        this.in = in;
        this.littleEndian = littleEndian;
        this.nanos = nanos;
        this.linkType = number(in.rest(HEADER_REST, "its header"), LINK_TYPE) & LINK_TYPE_MASK;
    }

    /** The reader of a file whose first four octets these are; empty if it has another form. */
    static Optional<PcapReader> of(CaptureStream in, int magic) throws CaptureException {
        int swapped = Integer.reverseBytes(magic);
        boolean little = swapped == MAGIC_MICROS || swapped == MAGIC_NANOS;
        int value = little ? swapped : magic;
        return value == MAGIC_MICROS || value == MAGIC_NANOS
                ? Optional.of(new PcapReader(in, little, value == MAGIC_NANOS))
                : Optional.empty();
    }

    @Override
    public Optional<Frame> next() throws CaptureException {
        ByteBuf header = Unpooled.buffer(RECORD_HEADER);
        int read = in.read(header, RECORD_HEADER);
        if (read == 0) {
            return Optional.empty();
        }
        number++;
        if (read < RECORD_HEADER) {
            throw in.damaged("record " + number + " is cut off in its header");
        }
        int captured = number(header, 8);
        if (captured < 0 || captured > MAX_FRAME_OCTETS) {
            throw in.damaged("record " + number + " claims " + (captured & 0xffff_ffffL) + " octets");
        }
        long fraction = number(header, 4) & 0xffff_ffffL;
        long micros = (number(header, 0) & 0xffff_ffffL) * 1_000_000 + (nanos ? fraction / 1000 : fraction);
        ByteBuf octets = in.rest(captured, "record " + number);
        return Optional.of(new Frame(number, micros, linkType, octets, Math.max(captured, number(header, 12))));
    }

    private int number(ByteBuf from, int at) {
        return littleEndian ? from.getIntLE(at) : from.getInt(at);
    }

    @Override
    public void close() {
        in.close();
    }
}
