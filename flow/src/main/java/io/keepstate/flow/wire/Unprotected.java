// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Why the sync message cannot carry a flow truthfully. Such a flow, or the attribute in question, stays at home and is
 * counted: a peer is told nothing rather than something wrong.
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
    /** Receivers refuse a message whose helper name has more than 11 characters; it goes without the helper. */
    LONG_HELPER(false),
    /** Receivers refuse more than 256 words of labels; the message goes without labels. */
    LONG_LABELS(false);

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

    /** What keeps this flow from being sent truthfully, the gravest reason first; null when nothing does. */
    public static @Nullable Unprotected of(Flow flow) {
        Unprotected byProtocol = byProtocol(flow);
        if (byProtocol != null) {
            return byProtocol;
        }
        if (flow.has(Attribute.ZONE_ORIGINAL) || flow.has(Attribute.ZONE_REPLY)) {
            return DIRECTIONAL_ZONE;
        }
        String helper = flow.helper();
        if (helper != null && !isHelperSendable(helper)) {
            return LONG_HELPER;
        }
        return flow.labelWords() > WireAttribute.MAX_LABEL_WORDS ? LONG_LABELS : null;
    }

    static boolean isHelperSendable(String helper) {
        if (helper.isEmpty() || helper.length() > WireAttribute.MAX_HELPER_LENGTH) {
            return false;
        }
        for (int i = 0; i < helper.length(); i++) {
            if (helper.charAt(i) <= ' ' || helper.charAt(i) > '~') {
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
