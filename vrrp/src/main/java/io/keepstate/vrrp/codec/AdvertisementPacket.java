// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * An advertisement ready to be sent many times: built once, {@linkplain #stamp stamped} with the next identification
 * and
 * {@linkplain AdvertisementAuthenticator#sign signed} before each send. For IPv4 the whole datagram, since the raw
 * socket sends headers as they are (IP_HDRINCL); for IPv6 the payload, checksum included. Not thread-safe.
 */
public final class AdvertisementPacket implements AutoCloseable {

    private static final int IPV4_VERSION_AND_LENGTH = 0x45;
    private static final int IDENTIFICATION = 4;
    private static final int HEADER_CHECKSUM = 10;
    /** Internetwork control (CS6), as all routing protocols. */
    private static final int TRAFFIC_CLASS = 0xc0;

    private final ByteBuf octets;
    private final AddressFamily family;
    private final IpAddress source;
    private final IpAddress destination;
    private final ChecksumForm checksumForm;
    private final int messageLength;
    private final boolean trailer;

    /**
     * Builds the packet from the source to the multicast group of the family, without a trailer. The buffer is direct.
     */
    public AdvertisementPacket(Advertisement advertisement, IpAddress source, ByteBufAllocator allocator) {
        this(advertisement, source, advertisement.family().vrrpGroup(), Envelope.HOP_LIMIT, false, allocator);
    }

    /**
     * Builds the packet. The buffer is direct.
     *
     * @param advertisement what to say; with {@link Authentication.Header} an authentication header is put in front
     * @param source the source address
     * @param destination the multicast group, or one unicast peer
     * @param ttl the TTL in the IPv4 header; of an IPv6 packet the socket decides
     * @param trailer whether to leave room for an {@link HmacTrailer}: {@link AdvertisementAuthenticator#signsWithHmac}
     */
    public AdvertisementPacket(
            Advertisement advertisement,
            IpAddress source,
            IpAddress destination,
            int ttl,
            boolean trailer,
            ByteBufAllocator allocator) {
        this.family = advertisement.family();
        this.source = source;
        this.destination = destination;
        this.checksumForm = advertisement.checksumForm();
        this.trailer = trailer;
        this.messageLength = AdvertisementCodec.length(
                advertisement.version(), family, advertisement.addresses().size());
        boolean header = advertisement.authentication().type() == Authentication.TYPE_HEADER;
        int payload = messageLength + (trailer ? HmacTrailer.LENGTH : 0) + (header ? AuthenticationHeader.LENGTH : 0);
        octets = allocator.directBuffer(Envelope.IPV4_HEADER_LENGTH + payload);
        if (family == AddressFamily.IPV4) {
            writeHeader(payload, ttl, header ? AuthenticationHeader.PROTOCOL : Envelope.PROTOCOL);
        }
        if (header) {
            AuthenticationHeader.writeUnsigned(source, octets);
        }
        AdvertisementCodec.encode(advertisement, source, destination, octets);
        if (trailer) {
            octets.writeZero(HmacTrailer.LENGTH);
        }
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

    /** Where it goes: the group, or a unicast peer. */
    public IpAddress destination() {
        return destination;
    }

    /** Whether it goes to a multicast group. */
    public boolean isToGroup() {
        return destination.isMulticast();
    }

    /** Gives the buffer back. */
    @Override
    public void close() {
        octets.release();
    }

    /** Writes the trailer anew. */
    void sign(HmacDigest digest, int keyId, long sequence) {
        if (!trailer) {
            throw new IllegalArgumentException("this packet was built without room for an HMAC trailer");
        }
        int start = octets.writerIndex() - HmacTrailer.LENGTH - messageLength;
        octets.writerIndex(start + messageLength);
        HmacTrailer.writeUnsigned(keyId, sequence, octets);
        digest.sign(octets, start, messageLength + HmacTrailer.LENGTH, source, keyId);
        if (family == AddressFamily.IPV6) {
            // The checksum of IPv6 is that of the whole payload; the HMAC takes the checksum for zero.
            int whole = messageLength + HmacTrailer.LENGTH;
            AdvertisementCodec.writeChecksum(octets, start, whole, checksumForm, source, destination);
        }
    }

    private void writeHeader(int payload, int ttl, int protocol) {
        octets.writeByte(IPV4_VERSION_AND_LENGTH);
        octets.writeByte(TRAFFIC_CLASS);
        octets.writeShort(Envelope.IPV4_HEADER_LENGTH + payload);
        octets.writeShort(0); // identification: stamp()
        octets.writeShort(0); // not a fragment, DF clear
        octets.writeByte(ttl);
        octets.writeByte(protocol);
        octets.writeShort(0); // header checksum: stamp()
        source.write(octets);
        destination.write(octets);
    }
}
