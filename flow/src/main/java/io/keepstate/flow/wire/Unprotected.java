// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.SynProxy;
import io.keepstate.flow.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Why a sync message cannot carry a flow or an expectation truthfully. It, or the attribute in question, stays at home
 * and is counted: a peer is told nothing rather than something wrong.
 */
public enum Unprotected {
    /** GRE keys are not on the wire; all tunnels between two hosts would become one (PPTP). */
    GRE_KEYS(true),
    /** UDPLITE ports are not on the wire. */
    UDPLITE_PORTS(true),
    /** Only a zone of both directions is on the wire. */
    DIRECTIONAL_ZONE(true),
    /** A translated ICMP identifier is not on the wire. */
    ICMP_IDENTIFIER_TRANSLATED(true),
    /** Up to 1.4.3 a translated IPv6 address is not on the wire. */
    IPV6_NAT(true),
    /** Up to 1.4.4 what a SYN proxy needs is not on the wire. */
    SYN_PROXY(true),
    /** Up to 1.4.6 the zone is not on the wire: flows of all zones would become one. */
    ZONE(true),
    /** Receivers refuse a message whose helper name has more than 11 characters; it goes without the helper. */
    LONG_HELPER(false),
    /** Receivers refuse more than 256 words of labels; the message goes without labels. */
    LONG_LABELS(false),
    /** A master's GRE keys or ICMP identity are not on the wire; the flow goes without its master. */
    MASTER_IDENTITY(false),
    /** An expectation's zone is not on the wire. */
    EXPECTATION_ZONE(true),
    /** Where an IPv6 flow that is expected is translated to is not on the wire. */
    EXPECTATION_IPV6_NAT(true),
    /** Ports of an expectation are on the wire only when its master is of TCP, UDP, SCTP or DCCP; ICMP's never. */
    EXPECTATION_PORTS(true),
    /** Receivers refuse a message whose function's name has more than 27 characters. */
    LONG_FUNCTION(true);

    private static final Unprotected[] ALL = values();

    private final boolean whole;

    Unprotected(boolean whole) {
        this.whole = whole;
    }

    /** True when the flow is not sent at all, false when only the attribute in question is left out. */
    public boolean isWhole() {
        return whole;
    }

    /** Number of reasons, for tables of counters indexed by ordinal. */
    public static int count() {
        return ALL.length;
    }

    /** The reason of this ordinal. */
    public static Unprotected of(int ordinal) {
        return ALL[ordinal];
    }

    static @Nullable Unprotected of(Flow flow, WireProfile profile) {
        Unprotected byProtocol = byProtocol(flow);
        if (byProtocol != null) {
            return byProtocol;
        }
        if (flow.has(Attribute.ZONE_ORIGINAL) || flow.has(Attribute.ZONE_REPLY)) {
            return DIRECTIONAL_ZONE;
        }
        Unprotected byRelease = profile.knows(WireAttribute.ZONE) ? null : byRelease(flow, profile);
        if (byRelease != null) {
            return byRelease;
        }
        String helper = flow.helper();
        if (helper != null && !isHelperSendable(helper)) {
            return LONG_HELPER;
        }
        if (flow.labelWords() > WireAttribute.MAX_LABEL_WORDS) {
            return LONG_LABELS;
        }
        Tuple master = flow.master();
        return master != null && losesIdentity(master) ? MASTER_IDENTITY : null;
    }

    /** What only newer releases carry. */
    private static @Nullable Unprotected byRelease(Flow flow, WireProfile profile) {
        if (flow.zone() != 0) {
            return ZONE;
        }
        SynProxy proxy = flow.synProxy();
        if (proxy != null && !profile.knows(WireAttribute.SYNPROXY) && !proxy.isZero()) {
            return SYN_PROXY;
        }
        boolean ipv6 = flow.original().family() == Family.IPV6;
        return ipv6 && !profile.knows(WireAttribute.SNAT_IPV6) && NatWriter.translatesAddress(flow) ? IPV6_NAT : null;
    }

    static @Nullable Unprotected of(Expectation expectation) {
        if (expectation.zone() != 0) {
            return EXPECTATION_ZONE;
        }
        ExpectationNat nat = expectation.nat();
        if (nat != null && nat.tuple().family() == Family.IPV6) {
            return EXPECTATION_IPV6_NAT;
        }
        if (losesPorts(expectation)) {
            return EXPECTATION_PORTS;
        }
        String function = expectation.function();
        if (function != null && !isSendable(function, WireExpectationAttribute.MAX_FUNCTION_LENGTH)) {
            return LONG_FUNCTION;
        }
        String helper = expectation.helper();
        return helper != null && !isHelperSendable(helper) ? LONG_HELPER : null;
    }

    private static boolean losesPorts(Expectation expectation) {
        int expected = expectation.expected().protocol();
        ExpectationNat nat = expectation.nat();
        Tuple saved = nat == null || !hasIds(nat.tuple()) ? null : nat.tuple();
        if (WireAttribute.carriesPortsOf(expectation.master().protocol())) {
            return Protocol.isIcmp(expected) || (saved != null && !WireAttribute.hasPortsOrKeys(saved.protocol()));
        }
        boolean hasIds = WireAttribute.hasPortsOrKeys(expected) || Protocol.isIcmp(expected);
        return hasIds || hasIds(expectation.master()) || saved != null;
    }

    private static boolean hasIds(Tuple tuple) {
        return tuple.sourceId() != 0 || tuple.destinationId() != 0;
    }

    /** Whether a tuple has something but ports that only its keys or ICMP identity tell apart. */
    static boolean losesIdentity(Tuple master) {
        return !Protocol.hasPorts(master.protocol()) && hasIds(master);
    }

    static boolean isHelperSendable(String helper) {
        return isSendable(helper, WireAttribute.MAX_HELPER_LENGTH);
    }

    private static boolean isSendable(String name, int longest) {
        if (name.isEmpty() || name.length() > longest) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!AttributeWalk.isPrintable(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Unprotected byProtocol(Flow flow) {
        Tuple original = flow.original();
        Tuple reply = flow.reply();
        return switch (original.protocol()) {
            case Protocol.GRE -> original.sourceKey() != 0 || original.destinationKey() != 0 ? GRE_KEYS : null;
            case Protocol.UDPLITE ->
                original.sourcePort() != 0 || original.destinationPort() != 0 ? UDPLITE_PORTS : null;
            case Protocol.ICMP, Protocol.ICMPV6 ->
                reply != null && reply.icmpId() != original.icmpId() ? ICMP_IDENTIFIER_TRANSLATED : null;
            default -> null;
        };
    }
}
