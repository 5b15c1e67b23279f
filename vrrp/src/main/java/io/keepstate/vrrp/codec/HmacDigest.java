// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import org.jspecify.annotations.Nullable;

/**
 * The HMAC of {@link HmacTrailer}: over a pseudo header {IP version, VRRP version, VRID, 0, source address in 16
 * octets}, the message with a checksum of zero, and the trailer with an HMAC of zeros. Neither the IP header nor the
 * destination is covered, so one trailer holds for all unicast peers.
 *
 * <p>Keeps its buffers and one {@link Mac} per key: an advertisement costs no allocation of ours. Not thread-safe.
 */
final class HmacDigest {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHA256_LENGTH = 32;
    private static final int PSEUDO_HEADER = 20;
    private static final int PSEUDO_SOURCE = 4;
    private static final int IPV4_OCTETS = 4;
    private static final int KEY_IDS = 256;
    private static final int SHORT_MESSAGE = 256;

    private final @Nullable Mac[] macs = new Mac[KEY_IDS];
    private final byte[] hmac = new byte[SHA256_LENGTH];
    private final byte[] received = new byte[HmacTrailer.MAC_LENGTH];
    private byte[] input = new byte[SHORT_MESSAGE];

    HmacDigest(List<HmacKey> keys) {
        for (HmacKey key : keys) {
            macs[key.id()] = Macs.create(ALGORITHM, key.octets());
        }
    }

    boolean hasKey(int keyId) {
        return macs[keyId] != null;
    }

    /**
     * Whether the trailer of a packet, whose key is known, has the right HMAC. Takes the same time wherever they
     * differ.
     */
    boolean matches(Envelope envelope, int keyId) {
        int length = envelope.length();
        makeRoom(length);
        envelope.copy(0, input, PSEUDO_HEADER, length);
        System.arraycopy(input, PSEUDO_HEADER + length - received.length, received, 0, received.length);
        writePseudoHeader(envelope.family(), envelope.sourceHigh(), envelope.sourceLow());
        compute(keyId, length);
        return Macs.sameOctets(hmac, received, received.length);
    }

    /** Fills the HMAC in a message with a trailer that has none yet. */
    void sign(ByteBuf out, int start, int length, IpAddress source, int keyId) {
        makeRoom(length);
        out.getBytes(start, input, PSEUDO_HEADER, length);
        writePseudoHeader(source.family(), source.high(), source.low());
        compute(keyId, length);
        out.setBytes(start + length - HmacTrailer.MAC_LENGTH, hmac, 0, HmacTrailer.MAC_LENGTH);
    }

    private void makeRoom(int length) {
        if (input.length < PSEUDO_HEADER + length) {
            input = new byte[PSEUDO_HEADER + length];
        }
    }

    private void writePseudoHeader(AddressFamily family, long sourceHigh, long sourceLow) {
        boolean four = family == AddressFamily.IPV4;
        input[0] = (byte) (four ? 4 : 6);
        input[1] = (byte) ((input[PSEUDO_HEADER] & 0xff) >>> 4);
        input[2] = input[PSEUDO_HEADER + AdvertisementCodec.VRID];
        input[3] = 0;
        // An IPv4 address stands in the first four octets.
        long first = four ? sourceLow << (Long.SIZE - IPV4_OCTETS * Byte.SIZE) : sourceHigh;
        writeLong(PSEUDO_SOURCE, first);
        writeLong(PSEUDO_SOURCE + Long.BYTES, four ? 0 : sourceLow);
    }

    private void writeLong(int at, long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            input[at + i] = (byte) (value >>> (Long.SIZE - Byte.SIZE - i * Byte.SIZE));
        }
    }

    private void compute(int keyId, int length) {
        Mac mac = macs[keyId];
        if (mac == null) {
            throw new IllegalArgumentException("HMAC key " + keyId + " is not configured");
        }
        int checksum = PSEUDO_HEADER + AdvertisementCodec.CHECKSUM;
        Arrays.fill(input, checksum, checksum + AdvertisementCodec.CHECKSUM_LENGTH, (byte) 0);
        int end = PSEUDO_HEADER + length;
        Arrays.fill(input, end - HmacTrailer.MAC_LENGTH, end, (byte) 0);
        mac.update(input, 0, end);
        try {
            mac.doFinal(hmac, 0);
        } catch (ShortBufferException e) {
            throw new AssertionError(e);
        }
    }
}
