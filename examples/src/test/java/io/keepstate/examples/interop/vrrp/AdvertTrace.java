// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop.vrrp;

import io.keepstate.examples.dump.capture.CaptureException;
import io.keepstate.examples.dump.capture.CaptureReader;
import io.keepstate.examples.dump.capture.Frame;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The advertisements that cross a bridge, with the kernel's time of each: not that of a reader who may come late. */
final class AdvertTrace {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int AUTH_HEADER = 24;
    /** Of a message without addresses. */
    private static final int OCTETS = 8;

    private static final int VRRP = 112;
    private static final int AUTHENTICATED = 51;

    private final Path file;
    private final LabProcess capture;

    AdvertTrace(Lab lab, LabNamespace switching, String bridge) {
        file = lab.directory().resolve("adverts.pcap");
        capture = switching.start("dumpcap", "-P", "-i", bridge, "-w", file.toString());
        Lab.eventually(PATIENCE, () -> Files.exists(file), "dumpcap writes " + file);
    }

    /** An advertisement: wall clock in microseconds, who sent it, for which router, with what priority. */
    record Advert(long micros, InetAddress source, int virtualRouterId, int priority) {}

    /** Ends the capture, and reads it. */
    List<Advert> end() {
        capture.terminate();
        capture.await(PATIENCE);
        List<Advert> adverts = new ArrayList<>();
        try (CaptureReader reader = CaptureReader.open(file)) {
            for (Optional<Frame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                advert(frame.get().epochMicros(), frame.get().octets()).ifPresent(adverts::add);
            }
        } catch (CaptureException e) {
            throw new AssertionError(e);
        }
        return adverts;
    }

    private static Optional<Advert> advert(long micros, ByteBuf frame) {
        if (frame.readableBytes() < ETHERNET + IPV4) {
            return Optional.empty();
        }
        boolean ipv4 = frame.getUnsignedShort(12) == 0x0800;
        boolean ipv6 = frame.getUnsignedShort(12) == 0x86dd;
        int next = ipv4 ? frame.getUnsignedByte(ETHERNET + 9) : frame.getUnsignedByte(ETHERNET + 6);
        if (!ipv4 && !ipv6 || next != VRRP && next != AUTHENTICATED) {
            return Optional.empty();
        }
        int message = ETHERNET + (ipv4 ? IPV4 : IPV6) + (next == AUTHENTICATED ? AUTH_HEADER : 0);
        if (frame.readableBytes() < message + OCTETS) {
            return Optional.empty();
        }
        byte[] source =
                ipv4 ? ByteBufUtil.getBytes(frame, ETHERNET + 12, 4) : ByteBufUtil.getBytes(frame, ETHERNET + 8, 16);
        try {
            return Optional.of(new Advert(
                    micros,
                    InetAddress.getByAddress(source),
                    frame.getUnsignedByte(message + 1),
                    frame.getUnsignedByte(message + 2)));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
