// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wire format of advertisements. Decoding is total: any octets give an {@link Advertisement} or a
 * {@link RejectReason}, never an exception.
 *
 * <pre>
 * octet  version 2 (RFC 3768 section 5.3)   version 3 (RFC 9568 section 5.2)
 * 0      version 2, type 1                  version 3, type 1
 * 1      VRID                               VRID
 * 2      priority                           priority
 * 3      count of addresses                 count of addresses
 * 4      authentication type                reserved (4 bits), interval in centiseconds (12 bits)
 * 5      interval in seconds                  "
 * 6..7   checksum                           checksum
 * 8..    addresses                          addresses
 * end    authentication data (8 octets)
 * </pre>
 *
 * An {@link HmacTrailer} may follow. Version 2 over IPv6, an extension of keepalived's, has no authentication data.
 */
public final class AdvertisementCodec {

    static final int VRID = 1;
    static final int CHECKSUM = 6;
    static final int CHECKSUM_LENGTH = 2;
    /** Octets in front of the addresses. */
    static final int ADDRESSES = 8;

    private static final int PRIORITY = 2;
    private static final int COUNT = 3;
    private static final int V2_AUTH_TYPE = 4;
    private static final int V2_INTERVAL = 5;
    private static final int V3_INTERVAL = 4;
    private static final int V2_AUTH_DATA_LENGTH = 8;

    private static final int TYPE_ADVERTISEMENT = 1;
    /** The four bits before the interval are reserved: sent as zero, ignored when received. */
    private static final int V3_INTERVAL_MASK = 0xfff;

    private static final int CENTIS_PER_SECOND = 100;
    /** The shortest payload of an Ethernet frame: anything shorter is padded. */
    private static final int ETHERNET_PAYLOAD = 46;

    private AdvertisementCodec() {}

    /**
     * Decodes the message of an envelope by what it says of itself; what a virtual router expects is not known here.
     *
     * @param mode which form of checksum to accept in version 3 over IPv4
     */
    public static Decoded decode(Envelope envelope, ChecksumMode mode) {
        return decode(envelope, DecodeRules.rfc(mode));
    }

    /**
     * Decodes the message of an envelope by what it says of itself; what a virtual router expects is not known here.
     */
    public static Decoded decode(Envelope envelope, DecodeRules rules) {
        RejectReason reason = checkShape(envelope, rules);
        if (reason == null) {
            reason = checkType(envelope);
        }
        if (reason == null && authenticationType(envelope) > Authentication.TYPE_HEADER) {
            reason = RejectReason.INVALID_AUTH_TYPE;
        }
        if (reason != null) {
            return reason;
        }
        ChecksumForm form = checksumForm(envelope, rules.checksumMode());
        if (form == null) {
            return RejectReason.BAD_CHECKSUM;
        }
        reason = checkFields(envelope);
        return reason != null ? reason : value(envelope, form);
    }

    /**
     * Appends the message of an advertisement, checksum included.
     *
     * @param source the source address of the packet; matters where the checksum has a pseudo header
     * @param destination its destination address
     */
    public static void encode(Advertisement advertisement, IpAddress source, IpAddress destination, ByteBuf out) {
        int start = out.writerIndex();
        boolean v2 = advertisement.version() == Version.V2;
        out.writeByte(advertisement.version().number() << 4 | TYPE_ADVERTISEMENT);
        out.writeByte(advertisement.virtualRouterId());
        out.writeByte(advertisement.priority());
        out.writeByte(advertisement.addresses().size());
        if (v2) {
            out.writeByte(advertisement.authentication().type());
            out.writeByte(advertisement.intervalCentis() / CENTIS_PER_SECOND);
        } else {
            out.writeShort(advertisement.intervalCentis());
        }
        out.writeShort(0);
        for (IpAddress address : advertisement.addresses()) {
            address.write(out);
        }
        if (v2 && advertisement.family() == AddressFamily.IPV4) {
            out.writeLong(advertisement.authentication().data());
        }
        writeChecksum(out, start, out.writerIndex() - start, advertisement.checksumForm(), source, destination);
    }

    /** Fills the checksum of a message, over as many octets from its start as given. */
    static void writeChecksum(
            ByteBuf out, int start, int length, ChecksumForm form, IpAddress source, IpAddress destination) {
        out.setShort(start + CHECKSUM, 0);
        long sum = InternetChecksum.sum(out, start, length);
        if (form != ChecksumForm.MESSAGE_ONLY) {
            IpAddress target = form == ChecksumForm.PSEUDO_HEADER
                    ? destination
                    : destination.family().vrrpGroup();
            sum += InternetChecksum.pseudoHeader(source, target, Envelope.PROTOCOL, length);
        }
        out.setShort(start + CHECKSUM, InternetChecksum.finish(sum));
    }

    /** Length of a message in octets. */
    static int length(Version version, AddressFamily family, int count) {
        boolean hasData = version == Version.V2 && family == AddressFamily.IPV4;
        return ADDRESSES + count * family.octets() + (hasData ? V2_AUTH_DATA_LENGTH : 0);
    }

    // The steps of decoding. The first must have succeeded before any other is taken.

    /** Whether version, count and length fit each other. */
    public static @Nullable RejectReason checkShape(Envelope envelope, DecodeRules rules) {
        if (envelope.length() < ADDRESSES) {
            return RejectReason.TRUNCATED;
        }
        int version = envelope.unsignedByte(0) >>> 4;
        boolean known = version == Version.V3.number()
                || (version == Version.V2.number()
                        && (envelope.family() == AddressFamily.IPV4 || rules.version2OverIpv6()));
        if (!known) {
            return RejectReason.BAD_VERSION;
        }
        if (envelope.unsignedByte(COUNT) == 0) {
            return RejectReason.COUNT_ZERO;
        }
        boolean fits = envelope.length() == messageLength(envelope)
                || (rules.hmacTrailer() && hasTrailer(envelope))
                || hasPadding(envelope);
        return fits ? null : RejectReason.LENGTH_MISMATCH;
    }

    /** The version of a message whose shape is right. */
    public static Version version(Envelope envelope) {
        return envelope.unsignedByte(0) >>> 4 == Version.V2.number() ? Version.V2 : Version.V3;
    }

    /** The length that a message whose shape is right has by its version and count, without what follows it. */
    public static int messageLength(Envelope envelope) {
        return length(version(envelope), envelope.family(), envelope.unsignedByte(COUNT));
    }

    /** Whether a message whose shape is right is followed by as many octets as an {@link HmacTrailer} has. */
    public static boolean hasTrailer(Envelope envelope) {
        return envelope.length() == messageLength(envelope) + HmacTrailer.LENGTH;
    }

    /**
     * Whether the octets too many can only be the padding of a short Ethernet frame, which some senders count in the
     * length of the datagram. Headers and addresses are whole words and the shortest frame is not, so such padding
     * leaves a remainder of two.
     */
    private static boolean hasPadding(Envelope envelope) {
        int datagram = envelope.headersLength() + messageLength(envelope);
        int extra = envelope.length() - messageLength(envelope);
        return envelope.family() == AddressFamily.IPV4
                && extra > 0
                && datagram + extra <= ETHERNET_PAYLOAD
                && extra % Integer.BYTES == 2;
    }

    /** Whether it is an advertisement (RFC 9568 section 5.2.2). */
    public static @Nullable RejectReason checkType(Envelope envelope) {
        return (envelope.unsignedByte(0) & 0xf) == TYPE_ADVERTISEMENT ? null : RejectReason.BAD_TYPE;
    }

    /** The authentication type octet: 0 in version 3, which has none. */
    public static int authenticationType(Envelope envelope) {
        return version(envelope) == Version.V2 ? envelope.unsignedByte(V2_AUTH_TYPE) : Authentication.TYPE_NONE;
    }

    /** The authentication data: 0 where there is none. */
    static long authenticationData(Envelope envelope) {
        return version(envelope) == Version.V2 && envelope.family() == AddressFamily.IPV4
                ? envelope.getLong(messageLength(envelope) - V2_AUTH_DATA_LENGTH)
                : 0;
    }

    /** The form in which the checksum is right; null if it is right in none that the mode accepts. */
    public static @Nullable ChecksumForm checksumForm(Envelope envelope, ChecksumMode mode) {
        if (envelope.family() == AddressFamily.IPV6) {
            // As the kernel has it for any raw socket: over all of the payload, a trailer included.
            int length = envelope.length();
            boolean right = InternetChecksum.finish(envelope.sum(length) + envelope.pseudoHeader(length)) == 0;
            return right ? ChecksumForm.PSEUDO_HEADER : null;
        }
        int length = messageLength(envelope);
        long sum = envelope.sum(length);
        boolean v2 = version(envelope) == Version.V2;
        if ((v2 || mode.accepts(ChecksumForm.MESSAGE_ONLY)) && InternetChecksum.finish(sum) == 0) {
            return ChecksumForm.MESSAGE_ONLY;
        }
        if (v2) {
            return null;
        }
        if (mode.accepts(ChecksumForm.PSEUDO_HEADER)
                && InternetChecksum.finish(sum + envelope.pseudoHeader(length)) == 0) {
            return ChecksumForm.PSEUDO_HEADER;
        }
        boolean ofGroup = !envelope.isToGroup()
                && mode.accepts(ChecksumForm.PSEUDO_HEADER_OF_GROUP)
                && InternetChecksum.finish(sum + envelope.pseudoHeaderOfGroup(length)) == 0;
        return ofGroup ? ChecksumForm.PSEUDO_HEADER_OF_GROUP : null;
    }

    /** Whether the fields have values that no message may be without. */
    public static @Nullable RejectReason checkFields(Envelope envelope) {
        if (envelope.unsignedByte(VRID) == 0) {
            return RejectReason.WRONG_VRID;
        }
        return intervalCentis(envelope) == 0 ? RejectReason.INTERVAL_ZERO : null;
    }

    /** The interval in centiseconds. */
    public static int intervalCentis(Envelope envelope) {
        return version(envelope) == Version.V2
                ? envelope.unsignedByte(V2_INTERVAL) * CENTIS_PER_SECOND
                : envelope.unsignedShort(V3_INTERVAL) & V3_INTERVAL_MASK;
    }

    /** The value of a message that passed all steps. */
    public static Advertisement value(Envelope envelope, ChecksumForm form) {
        return new Advertisement(
                version(envelope),
                envelope.unsignedByte(VRID),
                envelope.unsignedByte(PRIORITY),
                intervalCentis(envelope),
                addresses(envelope),
                authentication(envelope),
                form);
    }

    /** A copy of a message whose shape is right, without what follows it. */
    public static byte[] message(Envelope envelope) {
        byte[] octets = new byte[messageLength(envelope)];
        envelope.copy(0, octets, 0, octets.length);
        return octets;
    }

    /**
     * Whether a message whose shape is right has these octets, whatever its checksum, which may be that of a trailer
     * as well.
     */
    public static boolean saysTheSame(Envelope envelope, byte[] message) {
        return message.length == messageLength(envelope)
                && envelope.hasOctets(message, 0, CHECKSUM)
                && envelope.hasOctets(message, ADDRESSES, message.length);
    }

    private static List<IpAddress> addresses(Envelope envelope) {
        int count = envelope.unsignedByte(COUNT);
        List<IpAddress> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(envelope.address(ADDRESSES + i * envelope.family().octets()));
        }
        return addresses;
    }

    private static Authentication authentication(Envelope envelope) {
        if (envelope.family() == AddressFamily.IPV6) {
            return Authentication.NONE;
        }
        return switch (authenticationType(envelope)) {
            case Authentication.TYPE_PASSWORD -> new Authentication.Password(authenticationData(envelope));
            case Authentication.TYPE_HEADER -> new Authentication.Header(0);
            default -> Authentication.NONE;
        };
    }
}
