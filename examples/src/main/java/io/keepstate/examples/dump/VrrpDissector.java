// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.AdvertisementCodec;
import io.keepstate.vrrp.codec.DecodeRules;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.InternetChecksum;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.RejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Advertisements (RFC 9568 section 5, RFC 3768 section 5, the fields of RFC 2338, keepalived's HMAC trailer). Fields are
 * read one by one as far as there are octets, and judged in the order in which a router checks them.
 */
final class VrrpDissector {
    private static final int HEADER = 8;
    private static final int CHECKSUM = 6;
    private static final int AUTH_DATA = 8;
    private static final int AUTH_PASSWORD = 1;
    private static final int AUTH_HEADER = 2;
    /** Octets of the check value of an authentication header of 24 octets, the only one that VRRP has. */
    private static final int AUTH_HEADER_ICV = 12;

    private static final int HMAC_TRAILER = 28;
    private static final int CENTIS_MASK = 0xfff;
    private static final int NO_LENGTH = -1;

    private final DumpLine line;
    private final IpPacket packet;
    private final ByteBuf message;
    private final int length;
    private final int version;
    private final int count;
    /** Octets that version and count demand, without a trailer; {@link #NO_LENGTH} if they do not say. */
    private final int expected;

    private final boolean hasTrailer;

    private VrrpDissector(DumpLine line, IpPacket packet) {
        this.line = line;
        this.packet = packet;
        this.message = packet.payload();
        this.length = message.readableBytes();
        this.version = length > 0 ? message.getUnsignedByte(0) >>> 4 : 0;
        this.count = length > 3 ? message.getUnsignedByte(3) : 0;
        this.expected = expectedLength();
        this.hasTrailer = expected != NO_LENGTH && length == expected + HMAC_TRAILER;
    }

    /**
     * Describes a packet of protocol 112.
     *
     * @param datagram the whole of it, from the IP header on
     */
    static void describe(DumpLine line, IpPacket packet, ByteBuf datagram) {
        packet.describe(line);
        VrrpDissector dissector = new VrrpDissector(line, packet);
        if (packet.fragmentOffset() != 0) {
            line.malformed("fragment", "an advertisement must not be fragmented");
            line.put("length", dissector.length);
            return;
        }
        dissector.fields();
        dissector.judge(datagram);
    }

    /** Version 2 over IPv6 is an invention of keepalived, without the authentication data. */
    private int expectedLength() {
        int fixed = HEADER + count * packet.family().octets();
        if (version == 3) {
            return fixed;
        }
        boolean withData = packet.family() == AddressFamily.IPV4;
        return version == 2 ? fixed + (withData ? AUTH_DATA : 0) : NO_LENGTH;
    }

    private void fields() {
        IpPacket.Authentication header = packet.authentication();
        if (header != null) {
            line.put("ah_spi", header.spi())
                    .put("ah_sequence", header.sequence())
                    .put("ah_icv", header.icv());
        }
        line.put("length", length);
        if (length > 0) {
            line.put("version", version).put("type", message.getUnsignedByte(0) & 0xf);
        }
        octet("vrid", 1);
        octet("priority", 2);
        octet("count", 3);
        if (version == 2) {
            versionTwoInterval();
        } else if (version == 3 && length >= 6) {
            line.put("reserved", message.getUnsignedByte(4) >>> 4);
            interval(message.getUnsignedShort(4) & CENTIS_MASK);
        }
        if (length >= HEADER) {
            checksum();
        }
        addresses();
        if (version == 2 && expected != NO_LENGTH) {
            versionTwoData();
        }
        if (hasTrailer) {
            trailer(expected);
        }
    }

    private void octet(String name, int at) {
        if (length > at) {
            line.put(name, message.getUnsignedByte(at));
        }
    }

    private void versionTwoInterval() {
        octet("auth_type", 4);
        if (length > 5) {
            interval(message.getUnsignedByte(5) * 100);
        }
    }

    private void interval(int centis) {
        BigDecimal seconds = BigDecimal.valueOf(centis, 2).stripTrailingZeros();
        line.put("advert_int", seconds.scale() < 0 ? seconds.setScale(0) : seconds);
        line.put("advert_int_centis", centis);
    }

    private void checksum() {
        boolean ipv6 = packet.family() == AddressFamily.IPV6;
        // Over IPv4 neither a trailer nor padding is covered; over IPv6 everything is.
        int covered = ipv6 || expected == NO_LENGTH ? length : Math.min(length, expected);
        long sum = InternetChecksum.sum(message, 0, covered);
        int stored = message.getUnsignedShort(CHECKSUM);
        line.put("checksum", stored);
        String form = null;
        if (!ipv6 && InternetChecksum.finish(sum) == 0) {
            form = "message";
        } else if ((version == 3 || ipv6) && isRight(sum, packet.destination(), covered)) {
            form = "pseudo_header";
        } else if (version == 3 && !ipv6 && isRight(sum, packet.family().vrrpGroup(), covered)) {
            form = "pseudo_header_of_group"; // by unicast: keepalived up to 1.3.6, FRR
        }
        line.put("checksum_ok", form != null).put("checksum_form", form);
        if (form == null) {
            long pseudo = ipv6 ? pseudoHeader(packet.destination(), covered) : 0;
            line.put("checksum_expected", InternetChecksum.finish(sum - stored + pseudo));
        }
    }

    private boolean isRight(long sum, IpAddress destination, int covered) {
        return InternetChecksum.finish(sum + pseudoHeader(destination, covered)) == 0;
    }

    private long pseudoHeader(IpAddress destination, int covered) {
        return InternetChecksum.pseudoHeader(packet.source(), destination, Envelope.PROTOCOL, covered);
    }

    /** As many as the count says and the octets hold. */
    private void addresses() {
        List<String> addresses = new ArrayList<>();
        int octets = packet.family().octets();
        for (int i = 0; i < count && HEADER + (i + 1) * octets <= length; i++) {
            addresses.add(
                    IpAddress.get(packet.family(), message, HEADER + i * octets).toString());
        }
        if (length >= HEADER) {
            line.putList("addresses", addresses);
        }
    }

    private void versionTwoData() {
        if (packet.family() == AddressFamily.IPV6 || length < expected) {
            return;
        }
        int at = expected - AUTH_DATA;
        line.put("auth_data", ByteBufUtil.hexDump(message, at, AUTH_DATA));
        if (message.getUnsignedByte(4) == AUTH_PASSWORD) {
            int end = message.indexOf(at, at + AUTH_DATA, (byte) 0);
            int octets = end < 0 ? AUTH_DATA : end - at;
            line.put("auth_password", message.toString(at, octets, StandardCharsets.UTF_8));
        }
    }

    private void trailer(int at) {
        line.put("hmac_type", message.getUnsignedByte(at));
        line.put("hmac_key_id", message.getUnsignedByte(at + 1));
        line.put("hmac_reserved", message.getUnsignedShort(at + 2));
        line.put("hmac_seconds", message.getUnsignedInt(at + 4));
        line.put("hmac_fraction", message.getUnsignedShort(at + 8));
        line.put("hmac_counter", message.getUnsignedShort(at + 10));
        line.put("hmac", ByteBufUtil.hexDump(message, at + 12, 16));
    }

    /** The checks that need no configuration, in the order of docs/dump.md. */
    private void judge(ByteBuf datagram) {
        if (length < HEADER) {
            malformed(RejectReason.TRUNCATED);
        }
        if (packet.isFragment()) {
            line.malformed("fragment", "an advertisement must not be fragmented");
        }
        // By unicast, which no RFC has, the peers may be any number of hops apart.
        if (packet.hopLimit() != Envelope.HOP_LIMIT && packet.destination().isMulticast()) {
            malformed(RejectReason.BAD_TTL);
        }
        if (line.isMalformed()) {
            return;
        }
        Envelope envelope = new Envelope();
        RejectReason unusable = envelope(envelope, datagram);
        if (unusable != null) {
            malformed(unusable);
        } else if (AdvertisementCodec.decode(envelope, DecodeRules.LENIENT) instanceof RejectReason reason) {
            malformed(reason);
        } else if (hasTrailer && (message.getUnsignedByte(expected) != 1 || message.getShort(expected + 2) != 0)) {
            malformed(RejectReason.HMAC_MALFORMED);
        } else if (version == 2 && (packet.authentication() != null) != (message.getByte(4) == AUTH_HEADER)) {
            malformed(RejectReason.AUTH_TYPE_MISMATCH);
        }
    }

    private @Nullable RejectReason envelope(Envelope envelope, ByteBuf datagram) {
        if (packet.family() == AddressFamily.IPV4) {
            return envelope.setIpv4(datagram);
        }
        IpPacket.Authentication header = packet.authentication();
        if (header != null && header.icv().length() != 2 * AUTH_HEADER_ICV) {
            return RejectReason.BAD_AUTH_HEADER;
        }
        IpAddress source = packet.source();
        IpAddress destination = packet.destination();
        envelope.setIpv6(
                message, source.high(), source.low(), destination.high(), destination.low(), packet.hopLimit());
        return null;
    }

    private void malformed(RejectReason reason) {
        line.malformed(FtfwDissector.lower(reason), text(reason));
    }

    private String text(RejectReason reason) {
        return switch (reason) {
            case BAD_TTL -> "the TTL or hop limit is " + packet.hopLimit() + ", it must be 255";
            case TRUNCATED -> length + " octets: an advertisement has at least " + HEADER;
            case BAD_VERSION -> "version " + version + ": there are 2 and 3";
            case BAD_TYPE -> "type " + (message.getUnsignedByte(0) & 0xf) + ": the only one is 1";
            case WRONG_VRID -> "the virtual router identifier is 0, it must be 1 to 255";
            case COUNT_ZERO -> "it names no address";
            case LENGTH_MISMATCH ->
                length + " octets: version " + version + " with " + count + " addresses has " + expected;
            case AUTH_TYPE_MISMATCH -> "authentication type 2 and an authentication header belong together";
            default -> reason.text();
        };
    }
}
