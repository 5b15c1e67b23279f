// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * How a flow is translated, from either form a flow comes in: a sync message states targets, a kernel dump shows the
 * translated reply tuple. Pure.
 *
 * <p>The kernel restores NAT only from CTA_NAT_SRC and CTA_NAT_DST together with the untranslated reply tuple; a
 * dumped reply tuple written back inserts an entry that does not translate.
 */
public final class NatMapping {
    private NatMapping() {}

    /** What the source is translated to, or null. */
    public static @Nullable NatTarget source(Flow flow) {
        if (statesTargets(flow)) {
            return stated(flow, flow.sourceNat());
        }
        Tuple reply = flow.reply();
        if (reply == null || !translates(flow, Status.SRC_NAT)) {
            return null;
        }
        Tuple plain = flow.original().inverted();
        return target(
                plain.family(),
                plain.destinationHigh() == reply.destinationHigh() && plain.destinationLow() == reply.destinationLow(),
                reply.destinationHigh(),
                reply.destinationLow(),
                answeredId(plain),
                answeredId(reply));
    }

    /** What the destination is translated to, or null. */
    public static @Nullable NatTarget destination(Flow flow) {
        if (statesTargets(flow)) {
            return stated(flow, flow.destinationNat());
        }
        Tuple reply = flow.reply();
        if (reply == null || !translates(flow, Status.DST_NAT)) {
            return null;
        }
        Tuple plain = flow.original().inverted();
        boolean ports = Protocol.hasPorts(plain.protocol());
        return target(
                plain.family(),
                plain.sourceHigh() == reply.sourceHigh() && plain.sourceLow() == reply.sourceLow(),
                reply.sourceHigh(),
                reply.sourceLow(),
                ports ? plain.sourceId() : 0,
                ports ? reply.sourceId() : 0);
    }

    /** The reply tuple the kernel gives a flow with this mapping: what a dump of the committed flow shows. */
    public static Tuple translatedReply(Flow flow) {
        Tuple plain = flow.original().inverted();
        NatTarget source = source(flow);
        NatTarget destination = destination(flow);
        if (source == null && destination == null) {
            return plain;
        }
        IpAddress from = addressOr(destination, plain.source());
        IpAddress to = addressOr(source, plain.destination());
        boolean ports = Protocol.hasPorts(plain.protocol());
        boolean icmp = Protocol.isIcmp(plain.protocol()) && !statesTargets(flow);
        int sourceId = portOr(ports ? destination : icmp ? source : null, plain.sourceId());
        int destinationId = portOr(ports ? source : null, plain.destinationId());
        return new Tuple(
                plain.family(),
                from.high(),
                from.low(),
                to.high(),
                to.low(),
                plain.protocol(),
                sourceId,
                destinationId);
    }

    /**
     * The port (ICMP: identifier) a NAT attribute must name so that the kernel cannot choose another one, or -1 where
     * the protocol has none. Left to itself the kernel would take a free port when the wanted one is taken, and the
     * connection would go on with the wrong one; named, a clash is an error.
     */
    static int exactPort(Flow flow, NatTarget target, int untranslated) {
        int protocol = flow.original().protocol();
        if (Protocol.hasPorts(protocol)) {
            return target.port() != 0 ? target.port() : untranslated;
        }
        // Sync messages of conntrackd state no usable identifier for ICMP.
        return Protocol.isIcmp(protocol) && target.port() != 0 && !statesTargets(flow) ? target.port() : -1;
    }

    static boolean statesTargets(Flow flow) {
        return flow.sourceNat() != null || flow.destinationNat() != null;
    }

    /** A target of the other address family is a peer's mistake and translates nothing. */
    private static @Nullable NatTarget stated(Flow flow, @Nullable NatTarget target) {
        IpAddress address = target == null ? null : target.address();
        return address == null || address.family() == flow.original().family() ? target : null;
    }

    private static boolean translates(Flow flow, int bit) {
        return !flow.has(Attribute.STATUS) || (flow.status() & bit) != 0;
    }

    /** Port or identifier that source NAT changes, as the answer carries it. */
    private static int answeredId(Tuple reply) {
        if (Protocol.hasPorts(reply.protocol())) {
            return reply.destinationId();
        }
        return Protocol.isIcmp(reply.protocol()) ? reply.sourceId() : 0;
    }

    private static @Nullable NatTarget target(
            Family family, boolean sameAddress, long high, long low, int plainPort, int port) {
        if (sameAddress && plainPort == port) {
            return null;
        }
        return new NatTarget(sameAddress ? null : new IpAddress(family, high, low), plainPort == port ? 0 : port);
    }

    private static IpAddress addressOr(@Nullable NatTarget target, IpAddress otherwise) {
        IpAddress address = target == null ? null : target.address();
        return address == null ? otherwise : address;
    }

    private static int portOr(@Nullable NatTarget target, int otherwise) {
        return target == null || target.port() == 0 ? otherwise : target.port();
    }
}
