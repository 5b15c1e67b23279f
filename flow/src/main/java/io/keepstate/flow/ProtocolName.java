// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** Protocol names as conntrack prints them. */
public final class ProtocolName {
    private ProtocolName() {}

    /** The name, or {@code unknown} for a protocol connection tracking has no module for. */
    public static String of(int protocol) {
        return switch (protocol) {
            case Protocol.ICMP -> "icmp";
            case Protocol.TCP -> "tcp";
            case Protocol.UDP -> "udp";
            case Protocol.DCCP -> "dccp";
            case Protocol.GRE -> "gre";
            case Protocol.ICMPV6 -> "icmpv6";
            case Protocol.SCTP -> "sctp";
            case Protocol.UDPLITE -> "udplite";
            default -> "unknown";
        };
    }
}
