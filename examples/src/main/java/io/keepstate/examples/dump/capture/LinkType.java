// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump.capture;

/** The link types of captures that are understood (the registry of tcpdump.org, LINKTYPE_*). */
public final class LinkType {
    /** BSD loopback: the family in the byte order of the host that captured. */
    public static final int NULL = 0;
    /** Ethernet. */
    public static final int ETHERNET = 1;
    /** Raw IP, as some systems number it. */
    public static final int RAW_BSD = 12;
    /** Raw IP, as OpenBSD numbers it. */
    public static final int RAW_OPENBSD = 14;
    /** Raw IP: IPv4 or IPv6 by the version in the first octet. */
    public static final int RAW = 101;
    /** OpenBSD loopback: the family in network byte order. */
    public static final int LOOP = 108;
    /** Linux cooked capture, as {@code tcpdump -i any} writes it. */
    public static final int LINUX_SLL = 113;
    /** Raw IPv4. */
    public static final int IPV4 = 228;
    /** Raw IPv6. */
    public static final int IPV6 = 229;
    /** Linux cooked capture, version 2. */
    public static final int LINUX_SLL2 = 276;

    private LinkType() {}
}
