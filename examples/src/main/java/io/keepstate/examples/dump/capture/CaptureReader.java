// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the frames of a capture, in order. Not thread-safe. */
public interface CaptureReader extends AutoCloseable {

    /** Longest frame that is believed: tcpdump's own limit. A longer one means that the file is damaged. */
    int MAX_FRAME_OCTETS = 262_144;

    /**
     * The next frame; its octets are its own.
     *
     * @return empty at the end of the capture
     * @throws CaptureException if the file is damaged or cut off here
     */
    Optional<Frame> next() throws CaptureException;

    /** Closes the file. */
    @Override
    void close();

    /**
     * Opens a capture file of either form.
     *
     * @param file the file, or {@code -} for standard input
     */
    static CaptureReader open(Path file) throws CaptureException {
        if (file.toString().equals("-")) {
            return open(System.in, "standard input");
        }
        if (Files.isDirectory(file)) {
            throw new CaptureException(file + " is a directory: give a capture file.");
        }
        try {
            return open(Files.newInputStream(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new CaptureException(file + ": there is no such file.");
        } catch (AccessDeniedException e) {
            throw new CaptureException(file + ": permission denied; make the file readable for this user.");
        } catch (IOException e) {
            throw new CaptureException(file + " cannot be opened: " + e.getMessage() + ".");
        }
    }

    /** Takes a stream of either form; closes it with the reader, or when it is none. */
    static CaptureReader open(InputStream stream, String name) throws CaptureException {
        CaptureStream in = new CaptureStream(new BufferedInputStream(stream, 1 << 16), name);
        ByteBuf magic = Unpooled.buffer(Integer.BYTES);
        if (in.read(magic, Integer.BYTES) < Integer.BYTES) {
            in.close();
            throw new CaptureException(name + " is no capture file: it has " + magic.readableBytes()
                    + " octets; write one with `tcpdump -w FILE'.");
        }
        if (magic.getInt(0) == PcapngReader.SECTION_HEADER) {
            return new PcapngReader(in);
        }
        Optional<PcapReader> pcap = PcapReader.of(in, magic.getInt(0));
        if (pcap.isPresent()) {
            return pcap.get();
        }
        in.close();
        throw new CaptureException(name + " is neither pcap nor pcapng: it begins with "
                + String.format("%08x", magic.getInt(0))
                + "; convert it with `editcap -F pcap FILE NEW', or unpack it first if it is compressed.");
    }
}
