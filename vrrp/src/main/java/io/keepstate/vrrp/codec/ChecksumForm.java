// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/** What the checksum of an advertisement covers. Version 3 over IPv4 exists in several forms on real networks. */
public enum ChecksumForm {
    /**
     * The VRRP message only: version 2 over IPv4 always (RFC 3768 section 5.3.8), version 3 over IPv4 by RFC 9568
     * section 5.2.8.
     */
    MESSAGE_ONLY,
    /**
     * A pseudo header and the message: everything over IPv6 (RFC 8200 section 8.1), version 3 over IPv4 as keepalived
     * sends it.
     */
    PSEUDO_HEADER,
    /** The same over IPv4 unicast, but with 224.0.0.18 for the destination: keepalived up to 1.3.6, FRR always. */
    PSEUDO_HEADER_OF_GROUP
}
