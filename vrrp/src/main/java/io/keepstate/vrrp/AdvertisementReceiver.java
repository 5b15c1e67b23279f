// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementAuthenticator;
import io.keepstate.vrrp.codec.AdvertisementCodec;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.DecodeRules;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Reception;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All checks between the wire and one virtual router (RFC 9568 section 7.1, RFC 3768 section 7.1), in keepalived's
 * order. What comes out as {@link Heard} may be given to {@link VirtualRouter#onAdvertisement}; what comes out as
 * {@link RejectReason} has been counted, and that is all that happens to it: not even a sequence number is kept of a
 * packet that fails any check.
 *
 * <p>An active router says the same thing every time, so the last accepted message is remembered with its octets:
 * hearing it again costs a comparison and no allocation, and the same {@link Heard} comes out. Not thread-safe.
 */
public final class AdvertisementReceiver {

    private final VirtualRouterConfig config;
    private final DecodeRules rules;
    /** The multicast group it listens to; null if its peers are told one by one. */
    private final @Nullable IpAddress group;

    private final List<UnicastPeer> peers;
    private final boolean onlyPeers;
    private final AdvertisementAuthenticator authenticator;
    private final RejectCounters rejects;
    /** One of each version: a router that speaks both sends them in turn. */
    private final Memory[] memories = {new Memory(), new Memory()};

    private @Nullable Predicate<IpAddress> onLink;

    /** The receiver of a virtual router, with authentication of its own. */
    public AdvertisementReceiver(VirtualRouterConfig config) {
        this(config, new RejectCounters());
    }

    private AdvertisementReceiver(VirtualRouterConfig config, RejectCounters rejects) {
        this.config = config;
        this.rejects = rejects;
        if (config.transport() instanceof Transport.Unicast unicast) {
            this.group = null;
            this.peers = unicast.peers();
            this.onlyPeers = unicast.checkSource();
        } else {
            this.group = group(config);
            this.peers = List.of();
            this.onlyPeers = false;
        }
        this.authenticator = new AdvertisementAuthenticator(
                config.authentication(),
                config.hmac(),
                config.intervalCentis(),
                peers.stream().map(UnicastPeer::address).toList());
        // Version 2 over IPv6 is taken by those who were told to speak it.
        this.rules =
                new DecodeRules(config.checksumMode(), config.version() == Version.V2, authenticator.acceptsTrailer());
    }

    /**
     * What takes its place when the same virtual router is configured anew: it checks as the new configuration has it, and
     * goes on from the same sequence numbers and counters. This one is not to be used any more.
     */
    public AdvertisementReceiver reconfigured(VirtualRouterConfig newConfig) {
        AdvertisementReceiver successor = new AdvertisementReceiver(newConfig, rejects);
        successor.authenticator.continueFrom(authenticator.sequenceNumbers());
        successor.onLink = onLink;
        return successor;
    }

    /**
     * Demands that advertisements come from an address of the link, or no longer does. Off at first: no RFC asks for it and
     * keepalived does not do it, but it keeps out what was let through to the link from elsewhere. Of unicast peers it is one
     * more check, for those that are on the link.
     *
     * @param isOnLink whether an address is one of the link's; asked for each packet. Null: all are heard
     */
    public void requireOnLinkSource(@Nullable Predicate<IpAddress> isOnLink) {
        onLink = isOnLink;
    }

    /** What signs the advertisements of the same virtual router: counters are common to both directions. */
    public AdvertisementAuthenticator authenticator() {
        return authenticator;
    }

    /** Takes one packet for a virtual router without an HMAC, which needs no calendar. */
    public Reception receive(Envelope envelope) {
        return receive(envelope, 0);
    }

    /**
     * Takes one packet; its octets are not kept.
     *
     * @param wallMillis milliseconds since 1970, for the time window of an HMAC
     */
    public Reception receive(Envelope envelope, long wallMillis) {
        Heard known = recall(envelope);
        if (known != null) {
            // The addresses of the link may have changed since.
            RejectReason reason = checkOnLink(known.source());
            return reason == null ? known : reject(reason);
        }
        RejectReason reason = check(envelope, wallMillis);
        if (reason != null) {
            return reject(reason);
        }
        ChecksumForm form = AdvertisementCodec.checksumForm(envelope, config.checksumMode());
        if (form == null) {
            return reject(RejectReason.BAD_CHECKSUM);
        }
        reason = checkReach(envelope);
        if (reason != null) {
            return reject(reason);
        }
        authenticator.accept(envelope, wallMillis);
        return memory(envelope).keep(envelope, form);
    }

    /** How many packets were rejected, by reason. */
    public RejectCounters rejects() {
        return rejects;
    }

    /** An unsigned message heard before in the same circumstances: all checks would end as they did. */
    private @Nullable Heard recall(Envelope envelope) {
        if (authenticator.hasSequence()) {
            return null;
        }
        for (Memory memory : memories) {
            if (memory.isRepeated(envelope)) {
                return memory.heard;
            }
        }
        return null;
    }

    /** The checks in front of that of the checksum. */
    private @Nullable RejectReason check(Envelope envelope, long wallMillis) {
        RejectReason reason = authenticator.checkHeader(envelope);
        if (reason == null) {
            reason = AdvertisementCodec.checkShape(envelope, rules);
        }
        if (reason == null && group != null && envelope.hopLimit() != Envelope.HOP_LIMIT) {
            reason = RejectReason.BAD_TTL;
        }
        if (reason == null && !speaks(AdvertisementCodec.version(envelope))) {
            reason = RejectReason.BAD_VERSION;
        }
        if (reason == null) {
            reason = authenticator.verifyTrailer(envelope, wallMillis);
        }
        if (reason == null && AdvertisementCodec.version(envelope) == Version.V2) {
            reason = checkVersion2(envelope);
        }
        if (reason == null) {
            reason = AdvertisementCodec.checkType(envelope);
        }
        return reason != null ? reason : AdvertisementCodec.checkFields(envelope);
    }

    private @Nullable RejectReason checkVersion2(Envelope envelope) {
        RejectReason reason = authenticator.verifyVersion2(envelope);
        int interval = AdvertisementCodec.intervalCentis(envelope);
        // Zero has a reason of its own, given later.
        if (reason != null || interval == 0 || config.version() != Version.V2) {
            return reason;
        }
        // RFC 3768 section 7.1: version 2 does not learn, the ends must agree.
        return interval == config.intervalCentis() ? null : RejectReason.INTERVAL_MISMATCH;
    }

    /** Whether it was for us, and from someone who may speak. */
    private @Nullable RejectReason checkReach(Envelope envelope) {
        if (envelope.virtualRouterId() != config.virtualRouterId()) {
            return RejectReason.WRONG_VRID;
        }
        IpAddress expected = group;
        if (expected == null ? envelope.isToGroup() : !envelope.isTo(expected)) {
            return RejectReason.BAD_DESTINATION;
        }
        RejectReason reason = expected == null ? checkPeer(envelope) : null;
        return reason == null && onLink != null ? checkOnLink(envelope.source()) : reason;
    }

    private @Nullable RejectReason checkPeer(Envelope envelope) {
        for (UnicastPeer peer : peers) {
            if (envelope.isFrom(peer.address())) {
                return !peer.checksTtl() || peer.acceptsTtl(envelope.hopLimit()) ? null : RejectReason.PEER_TTL;
            }
        }
        return onlyPeers ? RejectReason.UNKNOWN_PEER : null;
    }

    private @Nullable RejectReason checkOnLink(IpAddress source) {
        Predicate<IpAddress> check = onLink;
        return check == null || check.test(source) ? null : RejectReason.SOURCE_NOT_ON_LINK;
    }

    private boolean speaks(Version version) {
        return version == config.version() || config.dualVersion();
    }

    private static IpAddress group(VirtualRouterConfig config) {
        Optional<IpAddress> configured =
                config.transport() instanceof Transport.Multicast multicast ? multicast.group() : Optional.empty();
        return configured.orElse(config.family().vrrpGroup());
    }

    private Memory memory(Envelope envelope) {
        return memories[AdvertisementCodec.version(envelope).ordinal()];
    }

    private Reception reject(RejectReason reason) {
        rejects.count(reason);
        return reason;
    }

    /** The last message heard of a version. */
    private static final class Memory {
        private @Nullable Heard heard;
        private @Nullable IpAddress destination;
        private int hopLimit;
        private byte[] octets = {};

        /** Whether octet for octet the same came from the same sender in the same way. */
        boolean isRepeated(Envelope envelope) {
            Heard known = heard;
            IpAddress target = destination;
            return known != null
                    && target != null
                    && envelope.isFrom(known.source())
                    && envelope.isTo(target)
                    && envelope.hopLimit() == hopLimit
                    && !envelope.hasAuthenticationHeader()
                    && envelope.hasMessage(octets);
        }

        /** The value of a message that passed all checks: the one kept if it says the same. */
        Heard keep(Envelope envelope, ChecksumForm form) {
            Heard known = heard;
            if (known != null
                    && envelope.isFrom(known.source())
                    && known.advertisement().checksumForm() == form
                    && AdvertisementCodec.saysTheSame(envelope, octets)) {
                return known;
            }
            Advertisement advertisement = AdvertisementCodec.value(envelope, form);
            Heard fresh = new Heard(advertisement, envelope.source());
            heard = fresh;
            destination = envelope.destination();
            hopLimit = envelope.hopLimit();
            octets = AdvertisementCodec.message(envelope);
            return fresh;
        }
    }
}
