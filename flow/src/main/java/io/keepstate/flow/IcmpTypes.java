// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** Which ICMP type answers which: the pairs that connection tracking follows (RFC 792, RFC 950, RFC 4443, RFC 4620). */
final class IcmpTypes {
    private IcmpTypes() {}

    /** The type of the answer; a type that has none is its own inverse. */
    static int inverse(int protocol, int type) {
        return protocol == Protocol.ICMP ? inverse4(type) : inverse6(type);
    }

    private static int inverse4(int type) {
        return switch (type) {
            case 8 -> 0; // echo
            case 0 -> 8;
            case 13 -> 14; // timestamp
            case 14 -> 13;
            case 15 -> 16; // information
            case 16 -> 15;
            case 17 -> 18; // address mask
            case 18 -> 17;
            default -> type;
        };
    }

    private static int inverse6(int type) {
        return switch (type) {
            case 128 -> 129; // echo
            case 129 -> 128;
            case 139 -> 140; // node information
            case 140 -> 139;
            default -> type;
        };
    }
}
