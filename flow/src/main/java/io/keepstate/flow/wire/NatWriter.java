// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The NAT attributes. The wire has no reply tuple: what is translated, and to what, is where the reply tuple differs
 * from the inverted original, as far as the status says that translation was set up.
 */
final class NatWriter {
    private NatWriter() {}

    static void write(ByteBuf out, Flow flow, WireProfile profile) {
        Tuple reply = flow.reply();
        if (reply == null) {
            fromTargets(out, flow, profile);
        } else {
            fromTuples(out, flow, reply, profile);
        }
    }

    /** Whether the flow's addresses are translated, as far as {@link #write} would say. */
    static boolean translatesAddress(Flow flow) {
        Tuple reply = flow.reply();
        if (reply == null) {
            return hasAddress(flow.sourceNat()) || hasAddress(flow.destinationNat());
        }
        return translatesSource(flow, reply) || translatesDestination(flow, reply);
    }

    private static boolean hasAddress(@Nullable NatTarget target) {
        return target != null && target.address() != null;
    }

    private static boolean translatesSource(Flow flow, Tuple reply) {
        Tuple original = flow.original();
        return mayTranslate(flow, Status.SRC_NAT_DONE)
                && (reply.destinationLow() != original.sourceLow() || reply.destinationHigh() != original.sourceHigh());
    }

    private static boolean translatesDestination(Flow flow, Tuple reply) {
        Tuple original = flow.original();
        return mayTranslate(flow, Status.DST_NAT_DONE)
                && (reply.sourceLow() != original.destinationLow() || reply.sourceHigh() != original.destinationHigh());
    }

    private static void fromTuples(ByteBuf out, Flow flow, Tuple reply, WireProfile profile) {
        Tuple original = flow.original();
        if (translatesSource(flow, reply)) {
            address(out, profile, reply.family(), true, reply.destinationHigh(), reply.destinationLow());
        }
        if (translatesDestination(flow, reply)) {
            address(out, profile, reply.family(), false, reply.sourceHigh(), reply.sourceLow());
        }
        if (Protocol.isIcmp(original.protocol())) {
            icmpPorts(out, flow, reply);
            return;
        }
        if (mayTranslate(flow, Status.SRC_NAT_DONE) && reply.destinationId() != original.sourceId()) {
            port(out, WireAttribute.SPAT_PORT, profile.hostShort(reply.destinationId()));
        }
        if (mayTranslate(flow, Status.DST_NAT_DONE) && reply.sourceId() != original.destinationId()) {
            port(out, WireAttribute.DPAT_PORT, profile.hostShort(reply.sourceId()));
        }
    }

    private static void fromTargets(ByteBuf out, Flow flow, WireProfile profile) {
        NatTarget source = flow.sourceNat();
        NatTarget destination = flow.destinationNat();
        address(out, profile, true, source);
        address(out, profile, false, destination);
        Tuple original = flow.original();
        if (Protocol.isIcmp(original.protocol())) {
            icmpPorts(out, flow, original.inverted());
            return;
        }
        if (source != null && source.port() != 0) {
            port(out, WireAttribute.SPAT_PORT, profile.hostShort(source.port()));
        }
        if (destination != null && destination.port() != 0) {
            port(out, WireAttribute.DPAT_PORT, profile.hostShort(destination.port()));
        }
    }

    private static boolean mayTranslate(Flow flow, int doneBit) {
        return !flow.has(Attribute.STATUS) || (flow.status() & doneBit) != 0;
    }

    /**
     * conntrackd compares ports in every protocol, so that an ICMP identifier meets a type and code: they differ, and
     * it announces a port translation to the port it does not have, 0. Receivers ignore it; we send the same octets.
     */
    private static void icmpPorts(ByteBuf out, Flow flow, Tuple reply) {
        Tuple original = flow.original();
        if ((flow.status() & Status.SRC_NAT_DONE) != 0 && reply.destinationId() != original.sourceId()) {
            port(out, WireAttribute.SPAT_PORT, 0);
        }
        if ((flow.status() & Status.DST_NAT_DONE) != 0 && reply.sourceId() != original.destinationId()) {
            port(out, WireAttribute.DPAT_PORT, 0);
        }
    }

    private static void address(ByteBuf out, WireProfile profile, boolean source, @Nullable NatTarget target) {
        IpAddress address = target == null ? null : target.address();
        if (address != null) {
            address(out, profile, address.family(), source, address.high(), address.low());
        }
    }

    private static void address(ByteBuf out, WireProfile profile, Family family, boolean source, long high, long low) {
        if (family == Family.IPV4) {
            WireWriter.head(out, source ? WireAttribute.SNAT_IPV4 : WireAttribute.DNAT_IPV4, 4)
                    .writeInt(profile.natAddress((int) low));
        } else {
            WireWriter.head(out, source ? WireAttribute.SNAT_IPV6 : WireAttribute.DNAT_IPV6, 16)
                    .writeLong(high)
                    .writeLong(low);
        }
    }

    private static void port(ByteBuf out, int attribute, int port) {
        WireWriter.head(out, attribute, 2).writeShort(port).writeZero(2);
    }
}
