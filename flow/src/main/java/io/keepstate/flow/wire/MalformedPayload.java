// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

/** Why the payload of a flow or expectation message was refused. The whole message is dropped, and counted. */
public enum MalformedPayload {
    /** An attribute claims more octets than the message has. */
    TRUNCATED_ATTRIBUTE,
    /** An attribute claims fewer octets than its own head. */
    SHORT_ATTRIBUTE,
    /** An attribute number beyond what the profile knows: the peer runs another version. */
    UNKNOWN_ATTRIBUTE,
    /** An attribute of fixed size has another size. */
    WRONG_SIZE,
    /** A helper name or labels longer than allowed. */
    TOO_LONG,
    /** A helper name with characters outside printable ASCII. */
    BAD_HELPER_NAME,
    /** A protocol state, DCCP role, window scale or direction outside the kernel's range. */
    BAD_STATE,
    /** No addresses: nothing says which flow this is. */
    NO_ADDRESSES,
    /** No layer 4 protocol. */
    NO_PROTOCOL,
    /** TCP, UDP, SCTP or DCCP without ports. */
    NO_PORTS,
    /** ICMP or ICMPv6 without type, code and identifier. */
    NO_ICMP_IDENTITY,
    /** Part of a master tuple, without its addresses or protocol; an expectation without a whole master. */
    INCOMPLETE_MASTER,
    /** Addresses of both families, so that nobody knows which are meant. */
    MIXED_FAMILIES,
    /** An expectation without a whole mask: nothing says what would match it. */
    INCOMPLETE_MASK,
    /** An expectation with part of a translation: without its address, protocol or direction. */
    INCOMPLETE_EXPECTATION_NAT,
    /** A function's name with characters outside printable ASCII. */
    BAD_FUNCTION_NAME;

    private static final MalformedPayload[] ALL = values();

    /** Number of reasons, for tables of counters indexed by ordinal. */
    public static int count() {
        return ALL.length;
    }
}
