// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/**
 * Which {@link ChecksumForm} version 3 over IPv4 uses. RFC 5798 could be read both ways and implementations split; the two
 * ends must agree, or each drops what the other sends and both become active. Ignored for version 2 and for IPv6, where
 * only one form exists.
 */
public enum ChecksumMode {
    /** RFC 9568 section 5.2.8: the message only. What Cisco, Juniper and Arista send. */
    RFC9568(ChecksumForm.MESSAGE_ONLY),
    /** With the IPv4 pseudo header: keepalived's default, and FRR's. */
    PSEUDO_HEADER(ChecksumForm.PSEUDO_HEADER),
    /** Accepts both, and sends the form of the last valid advertisement heard; until then keepalived's. */
    AUTO(ChecksumForm.PSEUDO_HEADER);

    private final ChecksumForm initial;

    ChecksumMode(ChecksumForm initial) {
        this.initial = initial;
    }

    /** The form to send before anything was heard. */
    public ChecksumForm initialForm() {
        return initial;
    }

    /** Whether an advertisement of this form is accepted. */
    public boolean accepts(ChecksumForm form) {
        return this == AUTO || form == initial;
    }
}
