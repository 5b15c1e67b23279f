// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.util.Map;

/**
 * The counters that keepalived keeps of packets it rejects, with the keys they have in its JSON dump, in its order.
 * Several of our
 * {@linkplain RejectReason reasons} fall under one of them; {@link RejectReason#statistic} is the only place that says
 * which.
 *
 * <p>The first group is kept per virtual router. The last three are kept per process, and are shown by SNMP only.
 */
public enum KeepalivedStatistic {
    /** Length of the packet, or its count of addresses. */
    PACKET_LEN_ERR("packet_len_err"),
    /** Interval of version 2 that is not the configured one. */
    ADVERT_INTERVAL_ERR("advert_interval_err"),
    /** TTL or hop limit. */
    IP_TTL_ERR("ip_ttl_err"),
    /** Type other than ADVERTISEMENT. */
    INVALID_TYPE_RCVD("invalid_type_rcvd"),
    /** Address list: counted by the state machine, since such a packet is heard. */
    ADDR_LIST_ERR("addr_list_err"),
    /** An authentication type that does not exist. */
    INVALID_AUTHTYPE("invalid_authtype"),
    /** An authentication type that is not the configured one. */
    AUTHTYPE_MISMATCH("authtype_mismatch"),
    /** Wrong password, or wrong authentication header. */
    AUTH_FAILURE("auth_failure"),
    /** No HMAC trailer where one is demanded. */
    AUTH_EXT_MISSING("auth_ext_missing"),
    /** An HMAC trailer that is none. */
    AUTH_EXT_MALFORMED("auth_ext_malformed"),
    /** An HMAC trailer whose clock is too far from ours. */
    AUTH_EXT_STALE("auth_ext_stale"),
    /** An HMAC trailer with a key that is not configured. */
    AUTH_EXT_UNKNOWN_KEY("auth_ext_unknown_key"),
    /** An HMAC that is wrong. */
    AUTH_EXT_BAD_HMAC("auth_ext_bad_hmac"),
    /** An HMAC trailer that was seen before. */
    AUTH_EXT_REPLAY("auth_ext_replay"),
    /** Wrong checksum. */
    CHECKSUM_ERR("checksum_err"),
    /** Wrong version. */
    VERSION_ERR("version_err"),
    /** Unknown virtual router. */
    VRID_ERR("vrid_err"),
    /** Not counted by keepalived, or by no name of its own. */
    NONE("");

    private final String key;

    KeepalivedStatistic(String key) {
        this.key = key;
    }

    /** Its key in keepalived's JSON dump; empty for {@link #NONE}. */
    public String key() {
        return key;
    }

    /**
     * The value that keepalived would show.
     *
     * @param rejects packets rejected, by reason, as {@code RejectCounters.snapshot()} has them
     */
    public long sum(Map<RejectReason, Long> rejects) {
        long sum = 0;
        for (Map.Entry<RejectReason, Long> entry : rejects.entrySet()) {
            if (entry.getKey().statistic() == this) {
                sum += entry.getValue();
            }
        }
        return sum;
    }
}
