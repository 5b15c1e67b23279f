// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementCodec;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.Decoded;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.Reception;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import org.jspecify.annotations.Nullable;

/**
 * All checks between the wire and one virtual router (RFC 9568 section 7.1, RFC 3768 section 7.1). What comes out as
 * {@link Heard} may be given to {@link VirtualRouter#onAdvertisement}; what comes out as {@link RejectReason} has been
 * counted, and that is all that happens to it.
 *
 * <p>An active router says the same thing every time, so the last accepted message is remembered with its octets: hearing it
 * again costs a comparison and no allocation. Not thread-safe.
 */
public final class AdvertisementReceiver {

    private final VirtualRouterConfig config;
    private final RejectCounters rejects = new RejectCounters();
    private @Nullable Heard last;
    private byte[] lastOctets = {};

    /** The receiver of a virtual router. */
    public AdvertisementReceiver(VirtualRouterConfig config) {
        this.config = config;
    }

    /** Takes one packet; its octets are not kept. */
    public Reception receive(Envelope envelope) {
        RejectReason envelopeFault = checkEnvelope(envelope);
        if (envelopeFault != null) {
            return reject(envelopeFault);
        }
        Heard known = last;
        if (known != null && envelope.isFrom(known.source()) && envelope.hasMessage(lastOctets)) {
            return known;
        }
        Decoded decoded = AdvertisementCodec.decode(envelope, config.checksumMode());
        if (decoded instanceof RejectReason reason) {
            return reject(reason);
        }
        Advertisement advertisement = (Advertisement) decoded;
        RejectReason mismatch = compare(advertisement);
        if (mismatch != null) {
            return reject(mismatch);
        }
        Heard heard = new Heard(advertisement, envelope.source());
        last = heard;
        lastOctets = envelope.message();
        return heard;
    }

    /** How many packets were rejected, by reason. */
    public RejectCounters rejects() {
        return rejects;
    }

    private @Nullable RejectReason checkEnvelope(Envelope envelope) {
        if (envelope.hopLimit() != Envelope.HOP_LIMIT) {
            return RejectReason.BAD_TTL;
        }
        return envelope.isTo(config.family().vrrpGroup()) ? null : RejectReason.BAD_DESTINATION;
    }

    private @Nullable RejectReason compare(Advertisement advertisement) {
        if (advertisement.version() != config.version()) {
            return RejectReason.BAD_VERSION;
        }
        if (advertisement.virtualRouterId() != config.virtualRouterId()) {
            return RejectReason.WRONG_VRID;
        }
        if (config.version() == Version.V3) {
            return null;
        }
        Authentication theirs = advertisement.authentication();
        Authentication ours = config.authentication();
        if (theirs.type() != ours.type()) {
            return RejectReason.AUTH_TYPE_MISMATCH;
        }
        // Without authentication the data is ignored on receipt (RFC 3768 section 5.3.10).
        if (ours.type() != Authentication.TYPE_NONE && !theirs.sameData(ours)) {
            return RejectReason.WRONG_PASSWORD;
        }
        // RFC 3768 section 7.1: version 2 does not learn, the ends must agree.
        return advertisement.intervalCentis() == config.intervalCentis() ? null : RejectReason.INTERVAL_MISMATCH;
    }

    private Reception reject(RejectReason reason) {
        rejects.count(reason);
        return reason;
    }
}
