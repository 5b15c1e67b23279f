// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.Attribute;
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
    private static final int NONE = DecodedTuple.NONE;

    private final WireProfile profile;
    private final DecodedTuple original = new DecodedTuple();
    private final DecodedTuple master = new DecodedTuple();
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
            case WireAttribute.L4PROTO -> original.protocol(in, at);
            case WireAttribute.PORT -> original.ports(in, at);
            case WireAttribute.MASTER_IPV4 -> master.ipv4(in, at);
            case WireAttribute.MASTER_IPV6 -> master.ipv6(in, at);
            case WireAttribute.MASTER_L4PROTO -> master.protocol(in, at);
            case WireAttribute.MASTER_PORT -> master.ports(in, at);
            case WireAttribute.SNAT_IPV4 -> sourceIpv4 = IpAddress.ipv4(profile.natAddress(in.getInt(at)));
            case WireAttribute.DNAT_IPV4 -> destinationIpv4 = IpAddress.ipv4(profile.natAddress(in.getInt(at)));
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
        Family family = original.family();
        if (family == null) {
            return MalformedPayload.NO_ADDRESSES;
        }
        if (original.isMixed() || master.isMixed()) {
            return MalformedPayload.MIXED_FAMILIES;
        }
        if (original.protocol() == NONE) {
            return MalformedPayload.NO_PROTOCOL;
        }
        if (Protocol.isIcmp(original.protocol())) {
            if (icmpType == NONE || icmpCode == NONE || icmpId == NONE) {
                return MalformedPayload.NO_ICMP_IDENTITY;
            }
            into.original(original.tuple(family, icmpId, Tuple.icmpTypeAndCode(icmpType, icmpCode)));
            // An ICMP flow has no ports: what conntrackd sends there is noise (NatWriter.icmpPorts).
            sourcePort = 0;
            destinationPort = 0;
        } else {
            if (original.lacksPorts()) {
                return MalformedPayload.NO_PORTS;
            }
            into.original(original.tuple(family));
        }
        withoutForeignState(into, original.protocol());
        into.sourceNat(target(family == Family.IPV4 ? sourceIpv4 : sourceIpv6, sourcePort));
        into.destinationNat(target(family == Family.IPV4 ? destinationIpv4 : destinationIpv6, destinationPort));
        return finishMaster(into, family);
    }

    /** The state of another protocol than the flow's means nothing, and nobody sends it. */
    private static void withoutForeignState(FlowBuilder into, int protocol) {
        if (protocol != Protocol.TCP) {
            into.clear(Attribute.TCP_STATE).clear(Attribute.TCP_WSCALE_ORIGINAL).clear(Attribute.TCP_WSCALE_REPLY);
        }
        if (protocol != Protocol.SCTP) {
            into.clear(Attribute.SCTP_STATE).clear(Attribute.SCTP_VTAG_ORIGINAL).clear(Attribute.SCTP_VTAG_REPLY);
        }
        if (protocol != Protocol.DCCP) {
            into.clear(Attribute.DCCP_STATE).clear(Attribute.DCCP_ROLE);
        }
    }

    private @Nullable MalformedPayload finishMaster(FlowBuilder into, Family ofFlow) {
        if (master.isEmpty()) {
            return null;
        }
        Family family = master.family();
        if (family == null || master.protocol() == NONE) {
            return MalformedPayload.INCOMPLETE_MASTER;
        }
        if (family != ofFlow) {
            return MalformedPayload.MIXED_FAMILIES;
        }
        into.master(master.tuple(family));
        return null;
    }

    private static @Nullable NatTarget target(@Nullable IpAddress address, int port) {
        return address == null && port == 0 ? null : new NatTarget(address, port);
    }

    private static IpAddress ipv6(ByteBuf in, int at) {
        return new IpAddress(Family.IPV6, in.getLong(at), in.getLong(at + 8));
    }
}
