// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import org.jspecify.annotations.Nullable;

/**
 * The key of {@link AuthenticationHeader} and the counter of its sequence numbers, for one virtual router. One counter
 * serves both directions: a router that takes the role over goes on from the last number it accepted, which is what
 * all others wait for; and an active router that hears of a greater number is above it with its next advertisement.
 *
 * <p>The counter never wraps: after 4 294 967 295 nothing can be signed any more. Not thread-safe.
 */
final class AuthenticationHeaderKey {

    private static final String ALGORITHM = "HmacMD5";
    private static final int MD5_LENGTH = 16;
    private static final long LAST = 0xffff_ffffL;
    private static final int SHORT_DATAGRAM = 256;

    private final Mac mac;
    private final byte[] icv = new byte[MD5_LENGTH];
    private final byte[] received = new byte[AuthenticationHeader.ICV_LENGTH];
    private byte[] input = new byte[SHORT_DATAGRAM];
    private long counter;

    AuthenticationHeaderKey(long key) {
        mac = Macs.create(
                ALGORITHM, ByteBuffer.allocate(Long.BYTES).putLong(key).array());
    }

    /**
     * Signs a datagram that is complete but for the sequence number and the check value.
     *
     * @param unicast whether the destination is a host: then its TTL is not covered
     * @return whether it could: false when the sequence is used up
     */
    boolean sign(ByteBuf datagram, boolean unicast) {
        if (counter == LAST) {
            return false;
        }
        counter++;
        int header = datagram.readerIndex() + Envelope.IPV4_HEADER_LENGTH;
        datagram.setInt(header + AuthenticationHeader.SEQUENCE, (int) counter);
        int length = datagram.readableBytes();
        makeRoom(length);
        datagram.getBytes(datagram.readerIndex(), input, 0, length);
        compute(length, Envelope.IPV4_HEADER_LENGTH, unicast);
        datagram.setBytes(header + AuthenticationHeader.ICV, icv, 0, AuthenticationHeader.ICV_LENGTH);
        return true;
    }

    /** Checks a packet that has a header. Changes nothing. */
    @Nullable
    RejectReason verify(Envelope envelope) {
        int at = -AuthenticationHeader.LENGTH;
        if (envelope.unsignedInt(at + AuthenticationHeader.SPI) != envelope.sourceLow()) {
            return RejectReason.BAD_AUTH_HEADER;
        }
        int length = envelope.headersLength() + envelope.length();
        makeRoom(length);
        envelope.copyDatagram(input, length);
        envelope.copy(at + AuthenticationHeader.ICV, received, 0, received.length);
        compute(length, envelope.headersLength() - AuthenticationHeader.LENGTH, !envelope.isToGroup());
        if (!Macs.sameOctets(icv, received, received.length)) {
            return RejectReason.WRONG_AUTH_HEADER;
        }
        return sequence(envelope) > counter ? null : RejectReason.AUTH_HEADER_REPLAY;
    }

    /** Moves the counter on to that of a packet that passed all checks. */
    void accept(Envelope envelope) {
        counter = sequence(envelope);
    }

    /** The last number, sent or accepted. */
    long counter() {
        return counter;
    }

    /** Goes on from the number that an earlier key of the same virtual router came to. */
    void continueFrom(long number) {
        counter = number;
    }

    private static long sequence(Envelope envelope) {
        return envelope.unsignedInt(AuthenticationHeader.SEQUENCE - AuthenticationHeader.LENGTH);
    }

    private void makeRoom(int length) {
        if (input.length < length) {
            input = new byte[length];
        }
    }

    private void compute(int length, int headerLength, boolean unicast) {
        AuthenticationHeader.maskMutable(input, headerLength, unicast);
        mac.update(input, 0, length);
        try {
            mac.doFinal(icv, 0);
        } catch (ShortBufferException e) {
            throw new AssertionError(e);
        }
    }
}
