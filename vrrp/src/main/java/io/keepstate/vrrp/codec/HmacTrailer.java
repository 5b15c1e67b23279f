// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The 28 octets that {@link HmacAuthentication} puts behind an advertisement, as they were received.
 *
 * <pre>
 * octet  0       extension type: 1, HMAC-SHA256 cut to 128 bits
 * 1              key identifier, 1 to 255
 * 2..3           reserved, zero
 * 4..7           seconds of UTC        \
 * 8..9           1/65536 of a second    } the sequence number, 64 bits
 * 10..11         counter               /
 * 12..27         first 16 octets of the HMAC
 * </pre>
 *
 * @param type extension type
 * @param keyId identifier of the key
 * @param reserved the reserved bits
 * @param sequence the sequence number: seconds, fraction and counter as one number
 * @param macHigh first eight octets of the HMAC
 * @param macLow last eight octets of the HMAC
 */
public record HmacTrailer(int type, int keyId, int reserved, long sequence, long macHigh, long macLow) {

    /** Length in octets. */
    public static final int LENGTH = 28;
    /** The only extension type there is. */
    public static final int TYPE_SHA256_128 = 1;

    static final int KEY_ID = 1;
    static final int RESERVED = 2;
    static final int SEQUENCE = 4;
    static final int MAC = 12;
    static final int MAC_LENGTH = 16;

    /** The trailer of a packet; empty if it has none by its length. */
    public static Optional<HmacTrailer> of(Envelope envelope) {
        if (AdvertisementCodec.checkShape(envelope, DecodeRules.LENIENT) != null
                || !AdvertisementCodec.hasTrailer(envelope)) {
            return Optional.empty();
        }
        int at = AdvertisementCodec.messageLength(envelope);
        return Optional.of(new HmacTrailer(
                envelope.unsignedByte(at),
                envelope.unsignedByte(at + KEY_ID),
                envelope.unsignedShort(at + RESERVED),
                envelope.getLong(at + SEQUENCE),
                envelope.getLong(at + MAC),
                envelope.getLong(at + MAC + Long.BYTES)));
    }

    /** The sender's clock in seconds of UTC, modulo 2 to the 32nd. */
    public long seconds() {
        return sequence >>> 32;
    }

    /** The sender's clock in 1/65536 of a second. */
    public int fraction() {
        return (int) (sequence >>> 16) & 0xffff;
    }

    /** What tells advertisements of the same instant apart. */
    public int counter() {
        return (int) sequence & 0xffff;
    }

    /** The HMAC as 32 hexadecimal digits. */
    public String mac() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(macHigh) + hex.toHexDigits(macLow);
    }

    /** Appends a trailer with an HMAC of zeros, which is what the HMAC is computed over. */
    static void writeUnsigned(int keyId, long sequence, ByteBuf out) {
        out.writeByte(TYPE_SHA256_128)
                .writeByte(keyId)
                .writeShort(0)
                .writeLong(sequence)
                .writeZero(MAC_LENGTH);
    }
}
