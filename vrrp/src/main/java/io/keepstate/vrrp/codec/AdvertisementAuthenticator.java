// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies the advertisements of one virtual router: keys, counters, replay windows. Both directions share
 * it, since the sequence numbers of {@link Authentication.Header} do.
 *
 * <p>Wall time comes with each call, in milliseconds since 1970; it is used by {@link HmacAuthentication} alone. Not
 * thread-safe.
 */
public final class AdvertisementAuthenticator {

    private final Authentication authentication;
    private final @Nullable HmacAuthentication hmac;
    private final @Nullable HmacDigest digest;
    private final @Nullable HmacVerifier verifier;
    private final @Nullable SequenceClock clock;
    private final @Nullable AuthenticationHeaderKey headerKey;

    /**
     * The authenticator of a virtual router.
     *
     * @param authentication that of version 2
     * @param hmac the HMAC trailer; excludes any other authentication
     * @param intervalCentis the router's own interval in centiseconds, from which the default time window comes
     * @param peers its unicast peers; empty in multicast
     * @throws IllegalArgumentException if there is both an HMAC and another authentication
     */
    public AdvertisementAuthenticator(
            Authentication authentication,
            Optional<HmacAuthentication> hmac,
            int intervalCentis,
            Collection<IpAddress> peers) {
        if (hmac.isPresent() && authentication.type() != Authentication.TYPE_NONE) {
            throw new IllegalArgumentException(
                    "HMAC authentication cannot be combined with authentication by " + authentication + "; remove one");
        }
        this.authentication = authentication;
        this.hmac = hmac.orElse(null);
        this.headerKey = authentication instanceof Authentication.Header header
                ? new AuthenticationHeaderKey(header.key())
                : null;
        if (this.hmac == null) {
            digest = null;
            verifier = null;
            clock = null;
        } else {
            boolean byTime = this.hmac.antiReplay() == HmacAuthentication.AntiReplay.TIME;
            digest = new HmacDigest(this.hmac.keys());
            verifier = new HmacVerifier(this.hmac, intervalCentis, peers, digest);
            clock = new SequenceClock(byTime, this.hmac.windowSeconds(intervalCentis));
        }
    }

    /** How far its sequence numbers have come, for the one that takes its place. */
    public SequenceNumbers sequenceNumbers() {
        return new SequenceNumbers(
                headerKey == null ? 0 : headerKey.counter(),
                clock == null ? OptionalLong.empty() : clock.last(),
                verifier == null ? List.of() : verifier.marks());
    }

    /**
     * Goes on from the numbers of an authenticator whose place it takes, before its first packet. They do not depend on
     * keys: a peer that has the new key already waits for a greater number all the same.
     */
    public void continueFrom(SequenceNumbers numbers) {
        if (headerKey != null) {
            headerKey.continueFrom(numbers.header());
        }
        if (clock != null) {
            numbers.trailer().ifPresent(clock::continueFrom);
        }
        if (verifier != null) {
            verifier.continueFrom(numbers.marks());
        }
    }

    /** Whether packets need {@linkplain AdvertisementPacket room for a trailer}. */
    public boolean signsWithHmac() {
        return hmac != null && hmac.mode().signs();
    }

    /** Whether an {@link HmacTrailer} may follow a message. */
    public boolean acceptsTrailer() {
        return hmac != null;
    }

    /** Whether every packet of one message differs from the one before: it has a sequence number. */
    public boolean hasSequence() {
        return hmac != null || headerKey != null;
    }

    /** Seconds by which the clock of the last verified HMAC trailer was ahead of ours. */
    public int clockSkewSeconds() {
        return verifier == null ? 0 : verifier.clockSkewSeconds();
    }

    /**
     * Signs a packet for one send, after {@link AdvertisementPacket#stamp}: what is signed includes the
     * identification. Does nothing where nothing is to be signed.
     *
     * @return whether the packet may be sent: false when the sequence numbers of the authentication header are used up
     */
    public boolean sign(AdvertisementPacket packet, long wallMillis) {
        if (headerKey != null) {
            return headerKey.sign(packet.octets(), !packet.isToGroup());
        }
        if (hmac != null && digest != null && clock != null && hmac.mode().signs()) {
            packet.sign(digest, hmac.activeKeyId(), clock.next(wallMillis));
        }
        return true;
    }

    /** Whether an authentication header is there if and only if one is configured. */
    public @Nullable RejectReason checkHeader(Envelope envelope) {
        return envelope.hasAuthenticationHeader() == (headerKey != null) ? null : RejectReason.AUTH_TYPE_MISMATCH;
    }

    /** Checks the HMAC trailer of a message whose shape is right. Keeps nothing of it: see {@link #accept}. */
    public @Nullable RejectReason verifyTrailer(Envelope envelope, long wallMillis) {
        return verifier == null ? null : verifier.verify(envelope, wallMillis);
    }

    /**
     * Checks the authentication of version 2, in a message whose shape is right. Keeps nothing of it: see {@link
     * #accept}.
     */
    public @Nullable RejectReason verifyVersion2(Envelope envelope) {
        int type = AdvertisementCodec.authenticationType(envelope);
        if (type > Authentication.TYPE_HEADER) {
            return RejectReason.INVALID_AUTH_TYPE;
        }
        if (type != authentication.type()) {
            return RejectReason.AUTH_TYPE_MISMATCH;
        }
        // Without authentication the data is ignored on receipt (RFC 3768 section 5.3.10).
        if (type == Authentication.TYPE_PASSWORD
                && (AdvertisementCodec.authenticationData(envelope) ^ authentication.data()) != 0) {
            return RejectReason.WRONG_PASSWORD;
        }
        return headerKey == null ? null : headerKey.verify(envelope);
    }

    /** Keeps the sequence number of a packet that passed every check, so that nobody can send it again. */
    public void accept(Envelope envelope, long wallMillis) {
        if (headerKey != null) {
            headerKey.accept(envelope);
        }
        if (verifier != null) {
            verifier.accept(envelope, wallMillis);
        }
    }
}
