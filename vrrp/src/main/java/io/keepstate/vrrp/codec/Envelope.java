// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A received datagram of protocol 112, or of protocol 51 in front of it: the message and what IP says about it. A view
 * that is filled again for every packet, so that receiving allocates nothing; addresses become values only when asked
 * for. Not thread-safe.
 */
public final class Envelope {

    /** The protocol number of VRRP. */
    public static final int PROTOCOL = 112;
    /** The only TTL or hop limit an advertisement may arrive with. */
    public static final int HOP_LIMIT = 255;

    /** Length of an IPv4 header without options. */
    static final int IPV4_HEADER_LENGTH = 20;

    private static final int IPV4_TOTAL_LENGTH = 2;
    private static final int IPV4_FRAGMENT = 6;
    private static final int IPV4_TTL = 8;
    private static final int IPV4_PROTOCOL = 9;
    private static final int IPV4_SOURCE = 12;
    private static final int IPV4_DESTINATION = 16;
    /** More-fragments flag and offset. */
    private static final int IS_FRAGMENT = 0x3fff;

    private static final VarHandle BIG_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private AddressFamily family = AddressFamily.IPV4;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int hopLimit;
    private boolean authenticationHeader;
    private int start;
    private ByteBuf packet = Unpooled.EMPTY_BUFFER;
    private int offset;
    private int length;

    /**
     * Looks at an IPv4 datagram as a raw socket delivers it, header first, from the reader index.
     *
     * @return null, or why this is not a whole datagram of protocol 112 or 51; the envelope is unusable then
     */
    public @Nullable RejectReason setIpv4(ByteBuf datagram) {
        start = datagram.readerIndex();
        int readable = datagram.readableBytes();
        if (readable < IPV4_HEADER_LENGTH) {
            return RejectReason.TRUNCATED;
        }
        int versionAndLength = datagram.getUnsignedByte(start);
        int headerLength = (versionAndLength & 0xf) * Integer.BYTES;
        int totalLength = datagram.getUnsignedShort(start + IPV4_TOTAL_LENGTH);
        int protocol = datagram.getUnsignedByte(start + IPV4_PROTOCOL);
        if (versionAndLength >>> 4 != 4
                || headerLength < IPV4_HEADER_LENGTH
                || (protocol != PROTOCOL && protocol != AuthenticationHeader.PROTOCOL)
                || (datagram.getUnsignedShort(start + IPV4_FRAGMENT) & IS_FRAGMENT) != 0) {
            return RejectReason.BAD_IP_HEADER;
        }
        if (totalLength > readable || totalLength < headerLength) {
            return RejectReason.TRUNCATED;
        }
        family = AddressFamily.IPV4;
        sourceHigh = 0;
        sourceLow = datagram.getUnsignedInt(start + IPV4_SOURCE);
        destinationHigh = 0;
        destinationLow = datagram.getUnsignedInt(start + IPV4_DESTINATION);
        hopLimit = datagram.getUnsignedByte(start + IPV4_TTL);
        packet = datagram;
        offset = start + headerLength;
        // Octets behind the total length are padding of the link.
        length = totalLength - headerLength;
        authenticationHeader = protocol == AuthenticationHeader.PROTOCOL;
        return authenticationHeader ? skipAuthenticationHeader() : null;
    }

    private @Nullable RejectReason skipAuthenticationHeader() {
        if (length < AuthenticationHeader.LENGTH) {
            return RejectReason.TRUNCATED;
        }
        if (!AuthenticationHeader.isVrrp(packet, offset)) {
            return RejectReason.BAD_AUTH_HEADER;
        }
        offset += AuthenticationHeader.LENGTH;
        length -= AuthenticationHeader.LENGTH;
        return null;
    }

    /**
     * Looks at the payload of an IPv6 datagram, which a raw socket delivers without header.
     *
     * @param payload the VRRP message, from the reader index to the writer index
     * @param hopLimit the hop limit from the ancillary data; -1 if there was none, which no check lets pass
     */
    public void setIpv6(
            ByteBuf payload, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int hopLimit) {
        this.family = AddressFamily.IPV6;
        this.sourceHigh = sourceHigh;
        this.sourceLow = sourceLow;
        this.destinationHigh = destinationHigh;
        this.destinationLow = destinationLow;
        this.hopLimit = hopLimit;
        this.authenticationHeader = false;
        this.packet = payload;
        this.start = payload.readerIndex();
        this.offset = start;
        this.length = payload.readableBytes();
    }

    /** The family of the datagram. */
    public AddressFamily family() {
        return family;
    }

    /** TTL or hop limit. */
    public int hopLimit() {
        return hopLimit;
    }

    /**
     * Length of the payload in octets: the VRRP message, an {@link HmacTrailer} if there is one, and what else came
     * with it.
     */
    public int length() {
        return length;
    }

    /** Whether an IP authentication header (protocol 51) stands in front of the message. */
    public boolean hasAuthenticationHeader() {
        return authenticationHeader;
    }

    /** Whether the destination is a multicast group. */
    public boolean isToGroup() {
        return family == AddressFamily.IPV4 ? destinationLow >>> 28 == 0xe : destinationHigh >>> 56 == 0xff;
    }

    /** The source as a value. */
    public IpAddress source() {
        return new IpAddress(family, sourceHigh, sourceLow);
    }

    /** The destination as a value. */
    public IpAddress destination() {
        return new IpAddress(family, destinationHigh, destinationLow);
    }

    /** Whether the source is this address; allocates nothing. */
    public boolean isFrom(IpAddress address) {
        return address.family() == family && address.high() == sourceHigh && address.low() == sourceLow;
    }

    /** Whether the destination is this address; allocates nothing. */
    public boolean isTo(IpAddress address) {
        return address.family() == family && address.high() == destinationHigh && address.low() == destinationLow;
    }

    /** The VRID of the message, to find its virtual router by; -1 if it is too short to have one. */
    public int virtualRouterId() {
        return length > AdvertisementCodec.VRID ? unsignedByte(AdvertisementCodec.VRID) : -1;
    }

    int unsignedByte(int at) {
        return packet.getUnsignedByte(offset + at);
    }

    int unsignedShort(int at) {
        return packet.getUnsignedShort(offset + at);
    }

    long unsignedInt(int at) {
        return packet.getUnsignedInt(offset + at);
    }

    long getLong(int at) {
        return packet.getLong(offset + at);
    }

    IpAddress address(int at) {
        return IpAddress.get(family, packet, offset + at);
    }

    /** Octets in front of the message, from the IP header on; 0 for IPv6, where only the payload is seen. */
    int headersLength() {
        return offset - start;
    }

    /** The sum of the first octets of the message. */
    long sum(int octets) {
        return InternetChecksum.sum(packet, offset, octets);
    }

    /** The sum of the pseudo header of a message of this length. */
    long pseudoHeader(int octets) {
        return InternetChecksum.words(sourceHigh, sourceLow)
                + InternetChecksum.words(destinationHigh, destinationLow)
                + PROTOCOL
                + octets;
    }

    /** The same, as if it had been sent to the group of VRRP. */
    long pseudoHeaderOfGroup(int octets) {
        IpAddress group = family.vrrpGroup();
        return InternetChecksum.words(sourceHigh, sourceLow)
                + InternetChecksum.words(group.high(), group.low())
                + PROTOCOL
                + octets;
    }

    /** The source as 128 bits, first half. */
    long sourceHigh() {
        return sourceHigh;
    }

    /** The source as 128 bits, second half; all of an IPv4 address. */
    long sourceLow() {
        return sourceLow;
    }

    /** Copies octets of the message. */
    void copy(int at, byte[] to, int toIndex, int count) {
        packet.getBytes(offset + at, to, toIndex, count);
    }

    /** Copies octets of the datagram, from the IP header on. */
    void copyDatagram(byte[] to, int count) {
        packet.getBytes(start, to, 0, count);
    }

    /** Whether the payload has exactly these octets; allocates nothing. */
    public boolean hasMessage(byte[] octets) {
        return octets.length == length && hasOctets(octets, 0, length);
    }

    /** Whether the octets of the payload from an index on are those of the array at the same places. */
    boolean hasOctets(byte[] octets, int from, int to) {
        int i = from;
        // Eight at a time: this is most of what hearing an advertisement again costs.
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            if (packet.getLong(offset + i) != (long) BIG_ENDIAN_LONG.get(octets, i)) {
                return false;
            }
        }
        for (; i < to; i++) {
            if (packet.getByte(offset + i) != octets[i]) {
                return false;
            }
        }
        return true;
    }

    /** A copy of the payload. */
    public byte[] message() {
        byte[] octets = new byte[length];
        packet.getBytes(offset, octets);
        return octets;
    }
}
