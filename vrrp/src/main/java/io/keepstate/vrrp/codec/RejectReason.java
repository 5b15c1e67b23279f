// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/**
 * Why a packet of protocol 112 was not taken for an advertisement (RFC 9568 section 7.1, RFC 3768 section 7.1). A rejected
 * packet is counted under its reason and touches nothing else: no timer, no learned value.
 */
public enum RejectReason implements Decoded, Reception {
    /** Fewer octets than the shortest advertisement, or than the IP header says. */
    TRUNCATED("shorter than an advertisement"),
    /** The IP header is not one of IPv4 with protocol 112, or the datagram is a fragment. */
    BAD_IP_HEADER("not an unfragmented IPv4 datagram of protocol 112"),
    /** TTL or hop limit is not 255: it was forwarded, or forged from elsewhere (RFC 9568 section 5.1.1.3). */
    BAD_TTL("TTL or hop limit is not 255"),
    /** The destination is not the multicast group of VRRP. */
    BAD_DESTINATION("destination is not the VRRP multicast group"),
    /** Neither version 2 nor 3, not the one configured, or version 2 over IPv6. */
    BAD_VERSION("version is not the one configured"),
    /** The type is not 1, the only one there is. */
    BAD_TYPE("type is not ADVERTISEMENT"),
    /** VRID 0, or one that no virtual router of this interface has. */
    WRONG_VRID("virtual router identifier is not ours"),
    /** The count of addresses is zero (RFC 9568 erratum 8299). */
    COUNT_ZERO("count of addresses is zero"),
    /** The length is not the one that the count of addresses demands. */
    LENGTH_MISMATCH("length does not match the count of addresses"),
    /** The checksum is wrong, or of the form that the configuration refuses. */
    BAD_CHECKSUM("wrong checksum"),
    /** The authentication type is not the one configured (version 2). */
    AUTH_TYPE_MISMATCH("authentication type is not the one configured"),
    /** The password is not the one configured (version 2). */
    WRONG_PASSWORD("wrong password"),
    /** The interval is zero: taken at its word it would let every backup promote itself (RFC 9568 erratum 8301). */
    INTERVAL_ZERO("advertisement interval is zero"),
    /** The interval is not the one configured (version 2 only; version 3 learns it). */
    INTERVAL_MISMATCH("advertisement interval is not the one configured");

    private final String text;

    RejectReason(String text) {
        this.text = text;
    }

    /** One clause for a log line. */
    public String text() {
        return text;
    }
}
