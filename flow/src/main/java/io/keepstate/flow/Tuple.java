// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/**
 * One direction of a flow: addresses, protocol and what the protocol adds to tell flows apart
 * (struct nf_conntrack_tuple). A plain value; two tuples are equal when all components are.
 *
 * <p>Addresses are two words in network order; an IPv4 address is the low 32 bits of the low word, the
 * rest zero. The protocol's part is two numbers, {@code sourceId} and {@code destinationId}; their meaning
 * follows the protocol, and {@link #sourcePort()}, {@link #icmpId()}, {@link #sourceKey()} name it.
 *
 * @param family address family of both addresses
 * @param protocol IP protocol number, 0..255
 * @param sourceId port (TCP, UDP, UDPLITE, SCTP, DCCP), identifier (ICMP, ICMPv6) or key (GRE), else 0
 * @param destinationId port, ICMP {@code type << 8 | code}, or key (GRE), else 0
 */
public record Tuple(
        Family family,
        long sourceHigh,
        long sourceLow,
        long destinationHigh,
        long destinationLow,
        int protocol,
        int sourceId,
        int destinationId) {

    private static final long IPV4_MASK = 0xffff_ffffL;

    /** Checks the ranges; an IPv4 tuple has nothing above the low 32 bits. */
    public Tuple {
        if (protocol < 0 || protocol > 255) {
            throw new IllegalArgumentException("protocol " + protocol + " is not in 0..255");
        }
        if (family == Family.IPV4
                && (sourceHigh != 0 || destinationHigh != 0 || ((sourceLow | destinationLow) & ~IPV4_MASK) != 0)) {
            throw new IllegalArgumentException("IPv4 address wider than 32 bits");
        }
        if (sourceId < 0 || sourceId > 0xffff || destinationId < 0 || destinationId > 0xffff) {
            throw new IllegalArgumentException("port, ICMP id or key not in 0..65535");
        }
    }

    /** A tuple over IPv4, addresses as 32-bit numbers in network order (10.0.0.1 is 0x0a000001). */
    public static Tuple ipv4(int source, int destination, int protocol, int sourceId, int destinationId) {
        return new Tuple(
                Family.IPV4, 0, source & IPV4_MASK, 0, destination & IPV4_MASK, protocol, sourceId, destinationId);
    }

    /** The {@code destinationId} of an ICMP or ICMPv6 tuple. */
    public static int icmpTypeAndCode(int type, int code) {
        return (type & 0xff) << 8 | (code & 0xff);
    }

    /** Source port; meaningful when {@link Protocol#hasPorts}. */
    public int sourcePort() {
        return sourceId;
    }

    /** Destination port; meaningful when {@link Protocol#hasPorts}. */
    public int destinationPort() {
        return destinationId;
    }

    /** ICMP identifier; meaningful when {@link Protocol#isIcmp}. */
    public int icmpId() {
        return sourceId;
    }

    /** ICMP type; meaningful when {@link Protocol#isIcmp}. */
    public int icmpType() {
        return destinationId >>> 8;
    }

    /** ICMP code; meaningful when {@link Protocol#isIcmp}. */
    public int icmpCode() {
        return destinationId & 0xff;
    }

    /** GRE key of the source side. */
    public int sourceKey() {
        return sourceId;
    }

    /** GRE key of the destination side. */
    public int destinationKey() {
        return destinationId;
    }

    /** The source address alone. */
    public IpAddress source() {
        return new IpAddress(family, sourceHigh, sourceLow);
    }

    /** The destination address alone. */
    public IpAddress destination() {
        return new IpAddress(family, destinationHigh, destinationLow);
    }

    /**
     * The tuple of the answer when nobody translates: addresses and ports swapped, an ICMP request type
     * turned into its reply type (net/netfilter/nf_conntrack_proto_icmp.c, invmap).
     */
    public Tuple inverted() {
        int source = Protocol.isIcmp(protocol) ? sourceId : destinationId;
        int destination = Protocol.isIcmp(protocol)
                ? icmpTypeAndCode(IcmpTypes.inverse(protocol, icmpType()), icmpCode())
                : sourceId;
        return new Tuple(
                family,
                /* sourceHigh= */ destinationHigh,
                /* sourceLow= */ destinationLow,
                /* destinationHigh= */ sourceHigh,
                /* destinationLow= */ sourceLow,
                protocol,
                source,
                destination);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(96);
        appendTo(text);
        return text.toString();
    }

    /** Appends what {@link #toString()} says, without an object in between: a listing has two of these in each line. */
    public void appendTo(StringBuilder out) {
        out.append("src=");
        AddressText.append(out, family, sourceHigh, sourceLow);
        out.append(" dst=");
        AddressText.append(out, family, destinationHigh, destinationLow);
        if (Protocol.hasPorts(protocol)) {
            out.append(" sport=").append(sourceId).append(" dport=").append(destinationId);
        } else if (Protocol.isIcmp(protocol)) {
            out.append(" type=").append(icmpType()).append(" code=").append(icmpCode());
            out.append(" id=").append(sourceId);
        } else if (protocol == Protocol.GRE) {
            out.append(" srckey=0x").append(Integer.toHexString(sourceId));
            out.append(" dstkey=0x").append(Integer.toHexString(destinationId));
        }
    }
}
