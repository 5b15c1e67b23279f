// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.InternetChecksum;
import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The network layer of a frame: addresses, the protocol behind all extension headers, and its octets without padding. */
final class IpPacket {
    static final int UDP = 17;
    static final int ICMPV6 = 58;
    static final int AUTHENTICATION_HEADER = 51;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int MOBILITY = 135;
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int OFFSET_MASK = 0x1fff;
    private static final int AH_FIXED = 12;
    /** More extension headers than this no honest packet has. */
    private static final int MAX_EXTENSIONS = 16;

    /** The authentication header (RFC 4302 section 2). */
    record Authentication(int nextHeader, long spi, long sequence, String icv) {}

    private final AddressFamily family;
    private IpAddress source = IpAddress.ipv4(0);
    private IpAddress destination = IpAddress.ipv4(0);
    private int protocol;
    private int hopLimit;
    private int trafficClass;
    private int identification;
    private int fragmentOffset;
    private boolean moreFragments;
    private @Nullable Boolean headerChecksumOk;
    private @Nullable Authentication authentication;
    private ByteBuf payload;
    /** Octets that the payload should have by the header; more than it has if the capture cut it off. */
    private int claimed;

    private @Nullable String malformed;
    private @Nullable String complaint;

    private IpPacket(AddressFamily family, ByteBuf payload) {
        this.family = family;
        this.payload = payload;
    }

    /** Reads the header; empty if it is not there as a whole, so that nothing can be said. */
    static Optional<IpPacket> of(int etherType, ByteBuf octets) {
        if (etherType == LinkFrame.IPV4 && octets.readableBytes() >= IPV4_HEADER) {
            return Optional.of(ipv4(octets));
        }
        if (etherType == LinkFrame.IPV6 && octets.readableBytes() >= IPV6_HEADER) {
            return Optional.of(ipv6(octets));
        }
        return Optional.empty();
    }

    private static IpPacket ipv4(ByteBuf octets) {
        IpPacket packet = new IpPacket(AddressFamily.IPV4, octets);
        int header = (octets.getUnsignedByte(0) & 0xf) * 4;
        int total = octets.getUnsignedShort(2);
        packet.source = IpAddress.get(AddressFamily.IPV4, octets, 12);
        packet.destination = IpAddress.get(AddressFamily.IPV4, octets, 16);
        packet.protocol = octets.getUnsignedByte(9);
        packet.hopLimit = octets.getUnsignedByte(8);
        packet.trafficClass = octets.getUnsignedByte(1);
        packet.identification = octets.getUnsignedShort(4);
        packet.fragmentOffset = (octets.getUnsignedShort(6) & OFFSET_MASK) * 8;
        packet.moreFragments = (octets.getUnsignedShort(6) & MORE_FRAGMENTS) != 0;
        if (octets.getUnsignedByte(0) >>> 4 != 4 || header < IPV4_HEADER || total < header) {
            packet.complain(
                    "bad_ip_header",
                    "the IPv4 header contradicts itself: version " + (octets.getUnsignedByte(0) >>> 4) + ", header of "
                            + header + " octets, " + total + " in all");
            packet.cut(octets, IPV4_HEADER, octets.readableBytes() - IPV4_HEADER);
            return packet;
        }
        if (header <= octets.readableBytes()) {
            packet.headerChecksumOk = InternetChecksum.finish(InternetChecksum.sum(octets, 0, header)) == 0;
        }
        packet.cut(octets, header, total - header);
        packet.readAuthentication();
        return packet;
    }

    private static IpPacket ipv6(ByteBuf octets) {
        IpPacket packet = new IpPacket(AddressFamily.IPV6, octets);
        packet.source = IpAddress.get(AddressFamily.IPV6, octets, 8);
        packet.destination = IpAddress.get(AddressFamily.IPV6, octets, 24);
        packet.protocol = octets.getUnsignedByte(6);
        packet.hopLimit = octets.getUnsignedByte(7);
        packet.trafficClass = octets.getInt(0) >>> 20 & 0xff;
        if (octets.getUnsignedByte(0) >>> 4 != 6) {
            packet.complain("bad_ip_header", "the IPv6 header has version " + (octets.getUnsignedByte(0) >>> 4));
        }
        packet.cut(octets, IPV6_HEADER, octets.getUnsignedShort(4));
        packet.skipExtensions();
        packet.readAuthentication();
        return packet;
    }

    /** Extension headers (RFC 8200 section 4), up to a fragment that is not the first: behind that is no header. */
    private void skipExtensions() {
        for (int i = 0; i < MAX_EXTENSIONS && fragmentOffset == 0 && isExtension(protocol); i++) {
            if (payload.readableBytes() < 8) {
                complain("truncated", "an IPv6 extension header is cut off");
                return;
            }
            int length = 8;
            if (protocol == FRAGMENT) {
                fragmentOffset = payload.getUnsignedShort(2) & ~7;
                moreFragments = (payload.getUnsignedShort(2) & 1) != 0;
                identification = payload.getInt(4);
            } else {
                length += payload.getUnsignedByte(1) * 8;
            }
            protocol = payload.getUnsignedByte(0);
            drop(length);
        }
    }

    private static boolean isExtension(int number) {
        return number == HOP_BY_HOP
                || number == ROUTING
                || number == FRAGMENT
                || number == DESTINATION_OPTIONS
                || number == MOBILITY;
    }

    private void readAuthentication() {
        if (protocol != AUTHENTICATION_HEADER || fragmentOffset != 0 || payload.readableBytes() < AH_FIXED) {
            return;
        }
        int length = (payload.getUnsignedByte(1) + 2) * 4;
        int icv = Math.max(0, Math.min(length, payload.readableBytes()) - AH_FIXED);
        authentication = new Authentication(
                payload.getUnsignedByte(0),
                payload.getUnsignedInt(4),
                payload.getUnsignedInt(8),
                ByteBufUtil.hexDump(payload, AH_FIXED, icv));
        protocol = payload.getUnsignedByte(0);
        drop(length);
    }

    private void drop(int length) {
        if (length > payload.readableBytes()) {
            complain("truncated", "a header of " + length + " octets is cut off");
        }
        int there = Math.min(length, payload.readableBytes());
        claimed = Math.max(0, claimed - length);
        payload = payload.slice(there, payload.readableBytes() - there);
    }

    private void cut(ByteBuf octets, int header, int length) {
        int there = Math.max(0, Math.min(length, octets.readableBytes() - header));
        claimed = length;
        payload = octets.slice(Math.min(header, octets.readableBytes()), there);
        if (there < length) {
            complain("truncated", there + " of " + length + " octets were captured");
        }
    }

    private void complain(String reason, String text) {
        if (malformed == null) {
            malformed = reason;
            complaint = text;
        }
    }

    AddressFamily family() {
        return family;
    }

    IpAddress source() {
        return source;
    }

    IpAddress destination() {
        return destination;
    }

    /** What is behind all extension headers and the authentication header. */
    int protocol() {
        return protocol;
    }

    int hopLimit() {
        return hopLimit;
    }

    int identification() {
        return identification;
    }

    boolean moreFragments() {
        return moreFragments;
    }

    /** Where the payload belongs in the whole datagram, in octets. */
    int fragmentOffset() {
        return fragmentOffset;
    }

    boolean isFragment() {
        return moreFragments || fragmentOffset != 0;
    }

    @Nullable
    Authentication authentication() {
        return authentication;
    }

    ByteBuf payload() {
        return payload;
    }

    /** The same datagram with the payload of all its fragments. */
    IpPacket whole(ByteBuf assembled) {
        IpPacket whole = new IpPacket(family, assembled);
        whole.source = source;
        whole.destination = destination;
        whole.protocol = protocol;
        whole.hopLimit = hopLimit;
        whole.trafficClass = trafficClass;
        whole.identification = identification;
        whole.claimed = assembled.readableBytes();
        return whole;
    }

    /** Puts what the IP header says into a line: addresses, hop limit, and what is wrong with it. */
    void describe(DumpLine line) {
        line.from(source.toString()).to(destination.toString());
        line.put(family == AddressFamily.IPV4 ? "ttl" : "hop_limit", hopLimit);
        line.put(family == AddressFamily.IPV4 ? "tos" : "traffic_class", trafficClass);
        if (family == AddressFamily.IPV4) {
            line.put("ip_id", identification);
            line.put("ip_checksum_ok", headerChecksumOk);
        }
        if (isFragment()) {
            line.put("fragment_offset", fragmentOffset);
            line.put("more_fragments", moreFragments);
        }
        if (malformed != null && complaint != null) {
            line.malformed(malformed, complaint);
        }
    }
}
