// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * An advertisement ready to be sent many times: built once, stamped with the next identification before each send. For
 * IPv4 the whole datagram, since the raw socket sends headers as they are (IP_HDRINCL); for IPv6 the message. Not
 * thread-safe.
 */
public final class AdvertisementPacket implements AutoCloseable {

    private static final int IPV4_VERSION_AND_LENGTH = 0x45;
    private static final int IDENTIFICATION = 4;
    private static final int HEADER_CHECKSUM = 10;
    /** Internetwork control (CS6), as all routing protocols. */
    private static final int TRAFFIC_CLASS = 0xc0;

    private final ByteBuf octets;
    private final AddressFamily family;

    /** Builds the packet from the source to the multicast group of the family. The buffer is direct. */
    public AdvertisementPacket(Advertisement advertisement, IpAddress source, ByteBufAllocator allocator) {
        family = advertisement.family();
        IpAddress destination = family.vrrpGroup();
        int length = AdvertisementCodec.length(
                advertisement.version(), family, advertisement.addresses().size());
        octets = allocator.directBuffer(Envelope.IPV4_HEADER_LENGTH + length);
        if (family == AddressFamily.IPV4) {
            writeHeader(octets, source, destination, length);
        }
        AdvertisementCodec.encode(advertisement, source, destination, octets);
    }

    /**
     * Gives an IPv4 packet its identification and header checksum; does nothing for IPv6.
     *
     * @param identification 1 to 65535: the kernel would replace zero by a number of its own, behind our back
     */
    public void stamp(int identification) {
        if (family == AddressFamily.IPV4) {
            octets.setShort(IDENTIFICATION, identification);
            octets.setShort(HEADER_CHECKSUM, 0);
            long sum = InternetChecksum.sum(octets, 0, Envelope.IPV4_HEADER_LENGTH);
            octets.setShort(HEADER_CHECKSUM, InternetChecksum.finish(sum));
        }
    }

    /** What to send, from the reader index; do not change it. */
    public ByteBuf octets() {
        return octets;
    }

    /** Gives the buffer back. */
    @Override
    public void close() {
        octets.release();
    }

    private static void writeHeader(ByteBuf out, IpAddress source, IpAddress destination, int length) {
        out.writeByte(IPV4_VERSION_AND_LENGTH);
        out.writeByte(TRAFFIC_CLASS);
        out.writeShort(Envelope.IPV4_HEADER_LENGTH + length);
        out.writeShort(0); // identification: stamp()
        out.writeShort(0); // not a fragment, DF clear
        out.writeByte(Envelope.HOP_LIMIT);
        out.writeByte(Envelope.PROTOCOL);
        out.writeShort(0); // header checksum: stamp()
        source.write(out);
        destination.write(out);
    }
}
