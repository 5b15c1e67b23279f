// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The IP authentication header in front of a version 2 advertisement (RFC 2338 section 5.3.6.3, RFC 2402, RFC 2403),
 * as keepalived writes and checks it. 24 octets:
 *
 * <pre>
 * octet  0       next header: 112
 * 1              payload length: 4
 * 2..3           reserved
 * 4..7           security parameters index: the sender's IPv4 address
 * 8..11          sequence number, from 1
 * 12..23         integrity check value: HMAC-MD5 cut to 96 bits
 * </pre>
 *
 * <p>The check value covers the whole datagram, with what may change on the way as zero: type of service, flags and
 * fragment offset, header checksum; the TTL in unicast only. The identification is covered: it must not be left to the
 * kernel.
 */
final class AuthenticationHeader {

    /** The protocol number of authentication headers. */
    static final int PROTOCOL = 51;
    /** Length in octets. */
    static final int LENGTH = 24;
    /** Length of the integrity check value in octets. */
    static final int ICV_LENGTH = 12;

    static final int SPI = 4;
    static final int SEQUENCE = 8;
    static final int ICV = 12;
    /** The length in words of 32 bits, less 2 (RFC 2402 section 2.2). */
    private static final int PAYLOAD_LENGTH = 4;

    private static final int IPV4_TOS = 1;
    private static final int IPV4_FRAGMENT = 6;
    private static final int IPV4_TTL = 8;
    private static final int IPV4_CHECKSUM = 10;

    private AuthenticationHeader() {}

    /** Whether these 24 octets stand in front of a VRRP message. */
    static boolean isVrrp(ByteBuf in, int at) {
        return in.getUnsignedByte(at) == Envelope.PROTOCOL && in.getUnsignedByte(at + 1) == PAYLOAD_LENGTH;
    }

    /** Appends a header without sequence number and check value. */
    static void writeUnsigned(IpAddress source, ByteBuf out) {
        out.writeByte(Envelope.PROTOCOL).writeByte(PAYLOAD_LENGTH).writeShort(0);
        source.write(out);
        out.writeInt(0).writeZero(ICV_LENGTH);
    }

    /** Sets to zero what the check value does not cover. */
    static void maskMutable(byte[] datagram, int headerLength, boolean unicast) {
        datagram[IPV4_TOS] = 0;
        datagram[IPV4_FRAGMENT] = 0;
        datagram[IPV4_FRAGMENT + 1] = 0;
        datagram[IPV4_CHECKSUM] = 0;
        datagram[IPV4_CHECKSUM + 1] = 0;
        if (unicast) {
            datagram[IPV4_TTL] = 0;
        }
        Arrays.fill(datagram, headerLength + ICV, headerLength + LENGTH, (byte) 0);
    }
}
