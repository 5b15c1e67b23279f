// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * What a route says about the path besides its direction. Numbers are RTAX_ of {@code include/uapi/linux/rtnetlink.h}, words
 * those of ip-route(8) and keepalived.conf(5).
 */
public enum RouteMetric {
    MTU(2, "mtu"),
    WINDOW(3, "window"),
    /** In eighths of a millisecond. */
    RTT(4, "rtt"),
    /** In quarters of a millisecond. */
    RTT_VARIANCE(5, "rttvar"),
    SLOW_START_THRESHOLD(6, "ssthresh"),
    CONGESTION_WINDOW(7, "cwnd"),
    ADVERTISED_MSS(8, "advmss"),
    REORDERING(9, "reordering"),
    HOP_LIMIT(10, "hoplimit"),
    INITIAL_CONGESTION_WINDOW(11, "initcwnd"),
    /** Bit 0 is ECN. */
    FEATURES(12, "features"),
    /** In milliseconds. */
    RETRANSMISSION_TIMEOUT(13, "rto_min"),
    INITIAL_RECEIVE_WINDOW(14, "initrwnd"),
    QUICK_ACK(15, "quickack"),
    FAST_OPEN_WITHOUT_COOKIE(17, "fastopen_no_cookie");

    private final int number;
    private final String word;

    RouteMetric(int number, String word) {
        this.number = number;
        this.word = word;
    }

    /** Its RTAX_ number. */
    public int number() {
        return number;
    }

    /** The word that sets it. */
    public String word() {
        return word;
    }
}
