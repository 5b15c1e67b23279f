// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** IP protocol numbers that connection tracking treats specially (IANA protocol numbers). */
public final class Protocol {
    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int DCCP = 33;
    public static final int GRE = 47;
    public static final int ICMPV6 = 58;
    public static final int SCTP = 132;
    public static final int UDPLITE = 136;

    private Protocol() {}

    /** Whether tuples of this protocol carry a source and a destination port. */
    public static boolean hasPorts(int protocol) {
        return switch (protocol) {
            case TCP, UDP, DCCP, SCTP, UDPLITE -> true;
            default -> false;
        };
    }

    /** Whether tuples of this protocol carry an ICMP identifier, type and code. */
    public static boolean isIcmp(int protocol) {
        return protocol == ICMP || protocol == ICMPV6;
    }
}
