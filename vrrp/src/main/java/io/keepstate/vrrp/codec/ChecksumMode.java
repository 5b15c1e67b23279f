// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/**
 * Which {@link ChecksumForm} version 3 over IPv4 uses. RFC 5798 could be read in two ways and implementations split;
 * the two ends must agree, or each drops what the other sends and both become active. Ignored for version 2 and for
 * IPv6, where only one form exists.
 */
public enum ChecksumMode {
    /** RFC 9568 section 5.2.8: the message only. What Cisco, Juniper and Arista send. */
    RFC9568(ChecksumForm.MESSAGE_ONLY),
    /** With the IPv4 pseudo header: keepalived, with {@code old_unicast_checksum never} where it has unicast peers. */
    PSEUDO_HEADER(ChecksumForm.PSEUDO_HEADER),
    /**
     * Unicast as keepalived up to 1.3.6: its {@code old_unicast_checksum}. The proper pseudo header is accepted as
     * well.
     */
    OLD_UNICAST(ChecksumForm.PSEUDO_HEADER_OF_GROUP),
    /** Accepts all, and sends the form of the last valid advertisement heard; until then keepalived's. */
    AUTO(ChecksumForm.PSEUDO_HEADER);

    private final ChecksumForm initial;

    ChecksumMode(ChecksumForm initial) {
        this.initial = initial;
    }

    /** The form in which version 3 over IPv4 is sent before anything was heard. */
    public ChecksumForm initialForm() {
        return initial;
    }

    /** The form to send before anything was heard; version and family may leave no choice. */
    public ChecksumForm initialForm(Version version, AddressFamily family) {
        if (family == AddressFamily.IPV6) {
            return ChecksumForm.PSEUDO_HEADER;
        }
        return version == Version.V2 ? ChecksumForm.MESSAGE_ONLY : initial;
    }

    /** Whether an advertisement of this form is accepted. */
    public boolean accepts(ChecksumForm form) {
        return this == AUTO || form == initial || (this == OLD_UNICAST && form == ChecksumForm.PSEUDO_HEADER);
    }
}
