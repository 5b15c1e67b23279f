// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.util.List;

/**
 * One VRRP advertisement (RFC 9568 section 5.2, RFC 3768 section 5.3).
 *
 * @param version the version of the protocol; version 2 over IPv6 is an extension of keepalived's
 * @param virtualRouterId VRID, 1 to 255
 * @param priority 255 the owner of the addresses, 1 to 254 a backup, 0 "I stop being active"
 * @param intervalCentis the interval at which the sender advertises, in centiseconds: 1 to 4095; version 2 has whole
 *     seconds on the wire, so here a multiple of 100 up to 25 500
 * @param addresses the virtual addresses, 1 to 255, all of one family
 * @param authentication version 2 over IPv4 only; {@link Authentication#NONE} otherwise. With
 *     {@link Authentication.Header} the packet has an authentication header in front of this message
 * @param checksumForm what the checksum covers
 */
public record Advertisement(
        Version version,
        int virtualRouterId,
        int priority,
        int intervalCentis,
        List<IpAddress> addresses,
        Authentication authentication,
        ChecksumForm checksumForm)
        implements Decoded {

    /** The priority of a router that owns the virtual addresses. */
    public static final int PRIORITY_OWNER = 255;
    /** The priority with which an active router gives up its role. */
    public static final int PRIORITY_RESIGN = 0;

    private static final int MAX_ADDRESSES = 255;
    private static final int MAX_V3_CENTIS = 0xfff;
    private static final int CENTIS_PER_SECOND = 100;
    private static final int MAX_V2_CENTIS = 255 * CENTIS_PER_SECOND;

    /** Refuses values that the wire cannot carry. */
    public Advertisement {
        addresses = List.copyOf(addresses);
        require(virtualRouterId >= 1 && virtualRouterId <= 255, "VRID", virtualRouterId, "1 to 255");
        require(priority >= 0 && priority <= 255, "priority", priority, "0 to 255");
        require(
                !addresses.isEmpty() && addresses.size() <= MAX_ADDRESSES,
                "count of addresses",
                addresses.size(),
                "1 to 255");
        AddressFamily family = addresses.get(0).family();
        for (int i = 1; i < addresses.size(); i++) {
            if (addresses.get(i).family() != family) {
                throw new IllegalArgumentException(
                        "address " + addresses.get(i) + " is not of the family of the first one");
            }
        }
        if (version == Version.V2) {
            boolean wholeSeconds = intervalCentis % CENTIS_PER_SECOND == 0;
            require(
                    wholeSeconds && intervalCentis > 0 && intervalCentis <= MAX_V2_CENTIS,
                    "interval",
                    intervalCentis,
                    "whole seconds, 100 to 25500 centiseconds");
            if (family == AddressFamily.IPV6 && authentication.type() != Authentication.TYPE_NONE) {
                throw new IllegalArgumentException(
                        "version 2 over IPv6 has no authentication data: authentication must be none");
            }
        } else {
            require(
                    intervalCentis > 0 && intervalCentis <= MAX_V3_CENTIS,
                    "interval",
                    intervalCentis,
                    "1 to 4095 centiseconds");
        }
    }

    /** The family of all its addresses, which is also the one of the packet. */
    public AddressFamily family() {
        return addresses.get(0).family();
    }

    private static void require(boolean holds, String what, int value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(what + " " + value + " cannot be advertised: it must be " + range);
        }
    }
}
