// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The receiving side of {@link HmacAuthentication} for one virtual router. Not thread-safe. */
final class HmacVerifier {

    private final HmacAuthentication config;
    private final int windowSeconds;
    private final boolean byTime;
    private final HmacDigest digest;
    private final ReplayWindow window;
    private int clockSkewSeconds;

    HmacVerifier(HmacAuthentication config, int intervalCentis, Collection<IpAddress> peers, HmacDigest digest) {
        this.config = config;
        this.windowSeconds = config.windowSeconds(intervalCentis);
        this.byTime = config.antiReplay() == HmacAuthentication.AntiReplay.TIME;
        this.digest = digest;
        this.window = new ReplayWindow(peers, byTime, windowSeconds);
    }

    /**
     * Checks a packet whose shape is right: what is cheap first, but nothing that an unverified packet says is kept.
     */
    @Nullable
    RejectReason verify(Envelope envelope, long wallMillis) {
        if (!AdvertisementCodec.hasTrailer(envelope)) {
            return config.mode().demandsSignature() ? RejectReason.HMAC_MISSING : null;
        }
        int at = AdvertisementCodec.messageLength(envelope);
        if (envelope.unsignedByte(at) != HmacTrailer.TYPE_SHA256_128
                || envelope.unsignedShort(at + HmacTrailer.RESERVED) != 0) {
            return RejectReason.HMAC_MALFORMED;
        }
        long clock = SequenceClock.at(wallMillis);
        long sequence = envelope.getLong(at + HmacTrailer.SEQUENCE);
        if (byTime && !SequenceClock.isWithin(sequence, clock, windowSeconds)) {
            return RejectReason.HMAC_STALE;
        }
        int keyId = envelope.unsignedByte(at + HmacTrailer.KEY_ID);
        if (!digest.hasKey(keyId)) {
            return RejectReason.HMAC_UNKNOWN_KEY;
        }
        if (!digest.matches(envelope, keyId)) {
            return RejectReason.WRONG_HMAC;
        }
        return window.isNew(envelope, sequence, clock) ? null : RejectReason.HMAC_REPLAY;
    }

    /** Keeps what a packet that passed all checks said of its sender. */
    void accept(Envelope envelope, long wallMillis) {
        if (AdvertisementCodec.hasTrailer(envelope)) {
            long sequence = envelope.getLong(AdvertisementCodec.messageLength(envelope) + HmacTrailer.SEQUENCE);
            clockSkewSeconds = SequenceClock.seconds(sequence) - SequenceClock.seconds(SequenceClock.at(wallMillis));
            window.mark(envelope, sequence);
        }
    }

    /** The last number accepted of each sender, the one not heard for longest first. */
    List<SequenceNumbers.Mark> marks() {
        return window.marks();
    }

    /** Accepts nothing of these senders any more that is not later. */
    void continueFrom(List<SequenceNumbers.Mark> marks) {
        marks.forEach(mark -> window.mark(mark.sender(), mark.number()));
    }

    int clockSkewSeconds() {
        return clockSkewSeconds;
    }
}
