// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.Family;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Collects what several attributes say together: tuples and NAT targets. They may come in any order, so they are put
 * together only at the end of the message.
 */
final class DecodedIdentity {
    private static final int NONE = -1;

    private final WireProfile profile;
    private final Ends original = new Ends();
    private final Ends master = new Ends();
    private @Nullable IpAddress sourceIpv4;
    private @Nullable IpAddress sourceIpv6;
    private @Nullable IpAddress destinationIpv4;
    private @Nullable IpAddress destinationIpv6;
    private int sourcePort;
    private int destinationPort;
    private int icmpType;
    private int icmpCode;
    private int icmpId;

    DecodedIdentity(WireProfile profile) {
        this.profile = profile;
    }

    void reset() {
        original.reset();
        master.reset();
        sourceIpv4 = null;
        sourceIpv6 = null;
        destinationIpv4 = null;
        destinationIpv6 = null;
        sourcePort = 0;
        destinationPort = 0;
        icmpType = NONE;
        icmpCode = NONE;
        icmpId = NONE;
    }

    void attribute(ByteBuf in, int attribute, int at) {
        switch (attribute) {
            case WireAttribute.IPV4 -> original.ipv4(in, at);
            case WireAttribute.IPV6 -> original.ipv6(in, at);
            case WireAttribute.L4PROTO -> original.protocol = in.getUnsignedByte(at);
            case WireAttribute.PORT -> original.ports(in, at);
            case WireAttribute.MASTER_IPV4 -> master.ipv4(in, at);
            case WireAttribute.MASTER_IPV6 -> master.ipv6(in, at);
            case WireAttribute.MASTER_L4PROTO -> master.protocol = in.getUnsignedByte(at);
            case WireAttribute.MASTER_PORT -> master.ports(in, at);
            case WireAttribute.SNAT_IPV4 -> sourceIpv4 = IpAddress.ipv4(in.getInt(at));
            case WireAttribute.DNAT_IPV4 -> destinationIpv4 = IpAddress.ipv4(in.getInt(at));
            case WireAttribute.SNAT_IPV6 -> sourceIpv6 = ipv6(in, at);
            case WireAttribute.DNAT_IPV6 -> destinationIpv6 = ipv6(in, at);
            case WireAttribute.SPAT_PORT -> sourcePort = profile.hostShort(in.getShort(at));
            case WireAttribute.DPAT_PORT -> destinationPort = profile.hostShort(in.getShort(at));
            case WireAttribute.ICMP_TYPE -> icmpType = in.getUnsignedByte(at);
            case WireAttribute.ICMP_CODE -> icmpCode = in.getUnsignedByte(at);
            case WireAttribute.ICMP_ID -> icmpId = profile.hostShort(in.getShort(at));
            default -> throw new AssertionError("attribute " + attribute + " is nobody's");
        }
    }

    @Nullable
    MalformedPayload finish(FlowBuilder into) {
        Family family = original.family;
        if (family == null) {
            return MalformedPayload.NO_ADDRESSES;
        }
        if (original.protocol == NONE) {
            return MalformedPayload.NO_PROTOCOL;
        }
        if (Protocol.isIcmp(original.protocol)) {
            if (icmpType == NONE || icmpCode == NONE || icmpId == NONE) {
                return MalformedPayload.NO_ICMP_IDENTITY;
            }
            into.original(original.tuple(family, icmpId, Tuple.icmpTypeAndCode(icmpType, icmpCode)));
            // An ICMP flow has no ports: what conntrackd sends there is noise (NatWriter.icmpPorts).
            sourcePort = 0;
            destinationPort = 0;
        } else {
            if (original.sourcePort == NONE && needsPorts(original.protocol)) {
                return MalformedPayload.NO_PORTS;
            }
            into.original(original.tuple(family));
        }
        into.sourceNat(target(family == Family.IPV4 ? sourceIpv4 : sourceIpv6, sourcePort));
        into.destinationNat(target(family == Family.IPV4 ? destinationIpv4 : destinationIpv6, destinationPort));
        return finishMaster(into);
    }

    private @Nullable MalformedPayload finishMaster(FlowBuilder into) {
        Family family = master.family;
        if (family == null && master.protocol == NONE && master.sourcePort == NONE) {
            return null;
        }
        if (family == null || master.protocol == NONE) {
            return MalformedPayload.INCOMPLETE_MASTER;
        }
        into.master(master.tuple(family));
        return null;
    }

    /** The protocols whose ports conntrackd sends. UDPLITE has ports too, but they never reach the wire. */
    private static boolean needsPorts(int protocol) {
        return Protocol.hasPorts(protocol) && protocol != Protocol.UDPLITE;
    }

    private static @Nullable NatTarget target(@Nullable IpAddress address, int port) {
        return address == null && port == 0 ? null : new NatTarget(address, port);
    }

    private static IpAddress ipv6(ByteBuf in, int at) {
        return new IpAddress(Family.IPV6, in.getLong(at), in.getLong(at + 8));
    }

    /** Addresses, protocol and ports of one tuple, as far as they were seen. */
    private static final class Ends {
        private @Nullable Family family;
        private long sourceHigh;
        private long sourceLow;
        private long destinationHigh;
        private long destinationLow;
        private int protocol;
        private int sourcePort;
        private int destinationPort;

        void reset() {
            family = null;
            protocol = NONE;
            sourcePort = NONE;
            destinationPort = NONE;
        }

        void ipv4(ByteBuf in, int at) {
            family = Family.IPV4;
            sourceHigh = 0;
            sourceLow = in.getUnsignedInt(at);
            destinationHigh = 0;
            destinationLow = in.getUnsignedInt(at + 4);
        }

        void ipv6(ByteBuf in, int at) {
            family = Family.IPV6;
            sourceHigh = in.getLong(at);
            sourceLow = in.getLong(at + 8);
            destinationHigh = in.getLong(at + 16);
            destinationLow = in.getLong(at + 24);
        }

        void ports(ByteBuf in, int at) {
            sourcePort = in.getUnsignedShort(at);
            destinationPort = in.getUnsignedShort(at + 2);
        }

        /** With the ports; protocols that have none keep none, whatever the message says. */
        Tuple tuple(Family known) {
            boolean ported = Protocol.hasPorts(protocol) && sourcePort != NONE;
            return tuple(known, ported ? sourcePort : 0, ported ? destinationPort : 0);
        }

        Tuple tuple(Family known, int sourceId, int destinationId) {
            return new Tuple(
                    known, sourceHigh, sourceLow, destinationHigh, destinationLow, protocol, sourceId, destinationId);
        }
    }
}
