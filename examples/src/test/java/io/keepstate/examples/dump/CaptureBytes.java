// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Capture files made by hand. */
final class CaptureBytes {
    static final int ETHERNET = 1;
    static final int RAW = 101;
    static final int SECONDS = 1_700_000_000;

    private CaptureBytes() {}

    /** A classic capture of one frame, in microseconds and little endian. */
    static Path of(Path directory, int linkType, String hex) throws IOException {
        return of(directory, ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, linkType, 123_456, hex);
    }

    static Path of(Path directory, ByteOrder order, int magic, int linkType, int fraction, String hex)
            throws IOException {
        byte[] frame = octets(hex);
        ByteBuffer file = ByteBuffer.allocate(24 + 16 + frame.length).order(order);
        file.putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(65_535);
        file.putInt(linkType);
        file.putInt(SECONDS).putInt(fraction).putInt(frame.length).putInt(frame.length);
        return write(directory, file.put(frame).array());
    }

    /** Several frames. */
    static Path ofAll(Path directory, int linkType, String... frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Files.readAllBytes(of(directory, linkType, frames[0])));
        for (int i = 1; i < frames.length; i++) {
            byte[] one = Files.readAllBytes(of(directory, linkType, frames[i]));
            out.write(one, 24, one.length - 24);
        }
        return write(directory, out.toByteArray());
    }

    /** A pcapng of one section with a clock of nanoseconds, an unknown block, and one enhanced packet block. */
    static Path pcapng(Path directory, ByteOrder order, int linkType, String hex) throws IOException {
        byte[] frame = octets(hex);
        int padded = (frame.length + 3) & ~3;
        ByteBuffer file = ByteBuffer.allocate(28 + 32 + 16 + 32 + padded).order(order);
        file.putInt(0x0a0d0d0a)
                .putInt(28)
                .putInt(0x1a2b3c4d)
                .putInt(1)
                .putLong(-1)
                .putInt(28);
        file.putInt(1).putInt(32).putShort((short) linkType).putShort((short) 0).putInt(0);
        file.putShort((short) 9).putShort((short) 1).putInt(order == ByteOrder.BIG_ENDIAN ? 9 << 24 : 9);
        file.putInt(0).putInt(32);
        file.putInt(0x0bad).putInt(16).putInt(7).putInt(16);
        long nanos = SECONDS * 1_000_000_000L + 123_456_789;
        file.putInt(6)
                .putInt(32 + padded)
                .putInt(0)
                .putInt((int) (nanos >>> 32))
                .putInt((int) nanos);
        file.putInt(frame.length).putInt(frame.length).put(frame);
        file.position(28 + 32 + 16 + 28 + padded);
        file.putInt(32 + padded);
        return write(directory, file.array());
    }

    static Path write(Path directory, byte[] octets) throws IOException {
        return Files.write(directory.resolve("capture.pcap"), octets);
    }

    static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
