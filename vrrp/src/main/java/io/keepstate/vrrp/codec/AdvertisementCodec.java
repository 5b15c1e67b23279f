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
 */
public final class AdvertisementCodec {

    static final int VRID = 1;
    private static final int PRIORITY = 2;
    private static final int COUNT = 3;
    private static final int V2_AUTH_TYPE = 4;
    private static final int V2_INTERVAL = 5;
    private static final int V3_INTERVAL = 4;
    private static final int CHECKSUM = 6;
    private static final int ADDRESSES = 8;
    private static final int V2_AUTH_DATA_LENGTH = 8;

    private static final int TYPE_ADVERTISEMENT = 1;
    /** The four bits before the interval are reserved: sent as zero, ignored when received. */
    private static final int V3_INTERVAL_MASK = 0xfff;

    private static final int CENTIS_PER_SECOND = 100;

    private AdvertisementCodec() {}

    /**
     * Decodes the message of an envelope by what it says of itself; what a virtual router expects is not known here.
     *
     * @param mode which form of checksum to accept in version 3 over IPv4
     */
    public static Decoded decode(Envelope envelope, ChecksumMode mode) {
        if (envelope.length() < ADDRESSES) {
            return RejectReason.TRUNCATED;
        }
        Version version = version(envelope);
        if (version == null) {
            return RejectReason.BAD_VERSION;
        }
        if ((envelope.unsignedByte(0) & 0xf) != TYPE_ADVERTISEMENT) {
            return RejectReason.BAD_TYPE;
        }
        int count = envelope.unsignedByte(COUNT);
        if (count == 0) {
            return RejectReason.COUNT_ZERO;
        }
        if (envelope.length() != length(version, envelope.family(), count)) {
            return RejectReason.LENGTH_MISMATCH;
        }
        ChecksumForm form = checksumForm(envelope, version, mode);
        if (form == null) {
            return RejectReason.BAD_CHECKSUM;
        }
        int virtualRouterId = envelope.unsignedByte(VRID);
        if (virtualRouterId == 0) {
            return RejectReason.WRONG_VRID;
        }
        int centis = version == Version.V2
                ? envelope.unsignedByte(V2_INTERVAL) * CENTIS_PER_SECOND
                : envelope.unsignedShort(V3_INTERVAL) & V3_INTERVAL_MASK;
        if (centis == 0) {
            return RejectReason.INTERVAL_ZERO;
        }
        return new Advertisement(
                version,
                virtualRouterId,
                envelope.unsignedByte(PRIORITY),
                centis,
                addresses(envelope, count),
                authentication(envelope, version),
                form);
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
        if (v2) {
            out.writeLong(advertisement.authentication().data());
        }
        int length = out.writerIndex() - start;
        long sum = InternetChecksum.sum(out, start, length);
        if (advertisement.checksumForm() == ChecksumForm.PSEUDO_HEADER) {
            sum += InternetChecksum.pseudoHeader(source, destination, Envelope.PROTOCOL, length);
        }
        out.setShort(start + CHECKSUM, InternetChecksum.finish(sum));
    }

    /** Length of a message in octets. */
    static int length(Version version, AddressFamily family, int count) {
        return ADDRESSES + count * family.octets() + (version == Version.V2 ? V2_AUTH_DATA_LENGTH : 0);
    }

    private static @Nullable Version version(Envelope envelope) {
        int number = envelope.unsignedByte(0) >>> 4;
        if (number == Version.V3.number()) {
            return Version.V3;
        }
        boolean v2 = number == Version.V2.number() && envelope.family() == AddressFamily.IPV4;
        return v2 ? Version.V2 : null;
    }

    private static @Nullable ChecksumForm checksumForm(Envelope envelope, Version version, ChecksumMode mode) {
        boolean choice = version == Version.V3 && envelope.family() == AddressFamily.IPV4;
        long sum = envelope.sum();
        boolean messageOnly = choice ? mode.accepts(ChecksumForm.MESSAGE_ONLY) : version == Version.V2;
        if (messageOnly && InternetChecksum.finish(sum) == 0) {
            return ChecksumForm.MESSAGE_ONLY;
        }
        boolean pseudoHeader = choice ? mode.accepts(ChecksumForm.PSEUDO_HEADER) : version == Version.V3;
        if (pseudoHeader) {
            long whole = sum
                    + InternetChecksum.pseudoHeader(
                            envelope.source(), envelope.destination(), Envelope.PROTOCOL, envelope.length());
            return InternetChecksum.finish(whole) == 0 ? ChecksumForm.PSEUDO_HEADER : null;
        }
        return null;
    }

    private static List<IpAddress> addresses(Envelope envelope, int count) {
        List<IpAddress> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(envelope.address(ADDRESSES + i * envelope.family().octets()));
        }
        return addresses;
    }

    private static Authentication authentication(Envelope envelope, Version version) {
        return version == Version.V2
                ? new Authentication(
                        envelope.unsignedByte(V2_AUTH_TYPE), envelope.getLong(envelope.length() - V2_AUTH_DATA_LENGTH))
                : Authentication.NONE;
    }
}
