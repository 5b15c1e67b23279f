// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/** What the checksum of an advertisement covers. Version 3 over IPv4 exists in both forms on real networks. */
public enum ChecksumForm {
    /** The VRRP message only: version 2 always (RFC 3768 section 5.3.8), version 3 over IPv4 by RFC 9568 section 5.2.8. */
    MESSAGE_ONLY,
    /** A pseudo header and the message: version 3 over IPv6 always, version 3 over IPv4 as keepalived sends it. */
    PSEUDO_HEADER
}
