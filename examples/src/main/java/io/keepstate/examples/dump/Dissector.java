// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.examples.dump.capture.Frame;
import io.keepstate.vrrp.codec.Envelope;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Finds advertisements, sync messages and announcements in frames; everything else is passed over. */
final class Dissector {
    private final FtfwDissector sync;
    private final Reassembly reassembly = new Reassembly();
    private final Consumer<DumpLine> out;

    /**
     * Gives its lines to {@code out}.
     *
     * @param syncPort UDP port of the sync link
     */
    Dissector(int syncPort, Consumer<DumpLine> out) {
        this.sync = new FtfwDissector(syncPort);
        this.out = out;
    }

    /** Takes a frame of a link type that {@link LinkFrame#knows}. */
    void dissect(Frame frame) {
        LinkFrame.of(frame).ifPresent(link -> {
            if (link.etherType() == LinkFrame.ARP) {
                DumpLine line = line(DumpLine.Protocol.ARP, frame, link);
                if (ArpDissector.describe(line, link)) {
                    out.accept(line);
                }
            } else {
                IpPacket.of(link.etherType(), link.payload()).ifPresent(packet -> packet(frame, link, packet));
            }
        });
    }

    private void packet(Frame frame, LinkFrame link, IpPacket packet) {
        if (packet.protocol() == Envelope.PROTOCOL) {
            DumpLine line = line(DumpLine.Protocol.VRRP, frame, link);
            VrrpDissector.describe(line, packet, link.payload());
            out.accept(line);
        } else if (packet.protocol() == IpPacket.UDP) {
            if (!packet.isFragment()) {
                udp(frame, link, packet);
            } else {
                reassembly.add(packet).ifPresent(whole -> udp(frame, link, whole));
            }
        } else if (packet.protocol() == IpPacket.ICMPV6 && NdDissector.matches(packet)) {
            DumpLine line = line(DumpLine.Protocol.ND, frame, link);
            NdDissector.describe(line, packet);
            out.accept(line);
        }
    }

    private void udp(Frame frame, LinkFrame link, IpPacket packet) {
        if (sync.matches(packet)) {
            Supplier<DumpLine> lines = () -> line(DumpLine.Protocol.FTFW, frame, link);
            sync.describe(packet, lines, out);
        }
    }

    private static DumpLine line(DumpLine.Protocol protocol, Frame frame, LinkFrame link) {
        return new DumpLine(protocol, frame.epochMicros())
                .put("frame", frame.number())
                .put("frame_length", frame.length())
                .put("src_mac", link.source())
                .put("dst_mac", link.destination())
                .put("vlan", link.vlans());
    }
}
