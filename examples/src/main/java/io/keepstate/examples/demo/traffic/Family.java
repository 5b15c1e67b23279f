// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

/** The address family of a session, with the content one of its segments carries at an MTU of 1500. */
public enum Family {
    /** Through SNAT. */
    IPV4(1448),
    /** Routed as it is. */
    IPV6(1428);

    private final int segment;

    Family(int segment) {
        this.segment = segment;
    }

    /** The least number of segments that carry so many octets. */
    public long segments(long octets) {
        return (octets + segment - 1) / segment;
    }
}
