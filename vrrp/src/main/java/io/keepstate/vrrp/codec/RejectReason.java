// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/**
 * Why a packet of protocol 112 or 51 was not taken for an advertisement (RFC 9568 section 7.1, RFC 3768 section 7.1).
 * A rejected packet is counted under its reason and touches nothing else: no timer, no learned value, no sequence
 * number.
 */
public enum RejectReason implements Decoded, Reception {
    /** Fewer octets than the shortest advertisement, or than the IP header says. */
    TRUNCATED("shorter than an advertisement", KeepalivedStatistic.PACKET_LEN_ERR),
    /** The IP header is not one of IPv4 with protocol 112 or 51, or the datagram is a fragment. */
    BAD_IP_HEADER("not an unfragmented IPv4 datagram of protocol 112 or 51", KeepalivedStatistic.NONE),
    /**
     * The authentication header is not one of 24 octets in front of protocol 112, or its SPI is not the source address.
     */
    BAD_AUTH_HEADER("not an authentication header of VRRP", KeepalivedStatistic.AUTH_FAILURE),
    /** TTL or hop limit is not 255: it was forwarded, or forged from elsewhere (RFC 9568 section 5.1.1.3). */
    BAD_TTL("TTL or hop limit is not 255", KeepalivedStatistic.IP_TTL_ERR),
    /** The destination is not the multicast group of VRRP; with unicast peers: it is a multicast group. */
    BAD_DESTINATION("destination is not the VRRP multicast group, or not a host's own", KeepalivedStatistic.NONE),
    /** The source is none of the unicast peers. */
    UNKNOWN_PEER("source is not a unicast peer", KeepalivedStatistic.NONE),
    /** TTL or hop limit is not in the range configured for this unicast peer. */
    PEER_TTL("TTL or hop limit is out of the range of its unicast peer", KeepalivedStatistic.IP_TTL_ERR),
    /** The source is not an address of this link, where that is checked. */
    SOURCE_NOT_ON_LINK("source is not an address of this link", KeepalivedStatistic.NONE),
    /** Neither version 2 nor 3, not the one configured, or version 2 over IPv6 unless that is configured. */
    BAD_VERSION("version is not the one configured", KeepalivedStatistic.VERSION_ERR),
    /** The type is not 1, the only one there is. */
    BAD_TYPE("type is not ADVERTISEMENT", KeepalivedStatistic.INVALID_TYPE_RCVD),
    /** VRID 0, or one that no virtual router of this interface has. */
    WRONG_VRID("virtual router identifier is not ours", KeepalivedStatistic.VRID_ERR),
    /** The count of addresses is zero (RFC 9568 erratum 8299). */
    COUNT_ZERO("count of addresses is zero", KeepalivedStatistic.PACKET_LEN_ERR),
    /** The length is not the one that the count of addresses demands. */
    LENGTH_MISMATCH("length does not match the count of addresses", KeepalivedStatistic.PACKET_LEN_ERR),
    /** The checksum is wrong, or of the form that the configuration refuses. */
    BAD_CHECKSUM("wrong checksum", KeepalivedStatistic.CHECKSUM_ERR),
    /** The authentication type is none of those that ever existed (version 2). */
    INVALID_AUTH_TYPE("authentication type is none of 0, 1 and 2", KeepalivedStatistic.INVALID_AUTHTYPE),
    /**
     * The authentication type is not the one configured, or an authentication header is missing or unexpected (version
     * 2).
     */
    AUTH_TYPE_MISMATCH("authentication type is not the one configured", KeepalivedStatistic.AUTHTYPE_MISMATCH),
    /** The password is not the one configured (version 2). */
    WRONG_PASSWORD("wrong password", KeepalivedStatistic.AUTH_FAILURE),
    /**
     * The integrity check value of the authentication header is wrong: another key, or a changed packet (version 2).
     */
    WRONG_AUTH_HEADER("wrong integrity check value in the authentication header", KeepalivedStatistic.AUTH_FAILURE),
    /** The sequence number of the authentication header does not grow (version 2). */
    AUTH_HEADER_REPLAY("sequence number of the authentication header is not new", KeepalivedStatistic.AUTH_FAILURE),
    /** There is no HMAC trailer, and one is demanded. */
    HMAC_MISSING("not signed with an HMAC", KeepalivedStatistic.AUTH_EXT_MISSING),
    /** The HMAC trailer has an unknown type, or reserved bits that are not zero. */
    HMAC_MALFORMED("malformed HMAC trailer", KeepalivedStatistic.AUTH_EXT_MALFORMED),
    /** The clock in the HMAC trailer is outside the time window: clocks differ, or an old packet was sent again. */
    HMAC_STALE("HMAC trailer outside the time window", KeepalivedStatistic.AUTH_EXT_STALE),
    /** The key of the HMAC trailer is not configured. */
    HMAC_UNKNOWN_KEY("signed with an unknown HMAC key", KeepalivedStatistic.AUTH_EXT_UNKNOWN_KEY),
    /** The HMAC is wrong: another key under this identifier, or a changed packet. */
    WRONG_HMAC("wrong HMAC", KeepalivedStatistic.AUTH_EXT_BAD_HMAC),
    /** The sequence number of the HMAC trailer does not grow: an old packet was sent again. */
    HMAC_REPLAY("sequence number of the HMAC trailer is not new", KeepalivedStatistic.AUTH_EXT_REPLAY),
    /** The interval is zero: taken at its word it would let every backup promote itself (RFC 9568 erratum 8301). */
    INTERVAL_ZERO("advertisement interval is zero", KeepalivedStatistic.ADVERT_INTERVAL_ERR),
    /** The interval is not the one configured (version 2 only; version 3 learns it). */
    INTERVAL_MISMATCH("advertisement interval is not the one configured", KeepalivedStatistic.ADVERT_INTERVAL_ERR);

    private final String text;
    private final KeepalivedStatistic statistic;

    RejectReason(String text, KeepalivedStatistic statistic) {
        this.text = text;
        this.statistic = statistic;
    }

    /** One clause for a log line. */
    public String text() {
        return text;
    }

    /** Under which of its counters keepalived has such a packet. */
    public KeepalivedStatistic statistic() {
        return statistic;
    }
}
