// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import org.jspecify.annotations.Nullable;

/** What the command line says of one direction; -1 and null where it says nothing. */
final class TupleArguments {
    static final int UNSET = -1;

    @Nullable
    IpAddress source;

    @Nullable
    IpAddress destination;

    /** Port or GRE key. */
    int sourceId = UNSET;

    int destinationId = UNSET;
    int icmpType = UNSET;
    int icmpCode = UNSET;
    int icmpId = UNSET;

    boolean hasAddresses() {
        return source != null && destination != null;
    }

    boolean hasAnyAddress() {
        return source != null || destination != null;
    }

    boolean hasIdentifiers() {
        return sourceId != UNSET || destinationId != UNSET || icmpType != UNSET;
    }

    /** The tuple; parts of it that were not given are 0. */
    Tuple tuple(Family family, int protocol) {
        boolean icmp = Protocol.isIcmp(protocol);
        IpAddress none = new IpAddress(family, 0, 0);
        IpAddress from = source == null ? none : source;
        IpAddress to = destination == null ? none : destination;
        return new Tuple(
                family,
                from.high(),
                from.low(),
                to.high(),
                to.low(),
                protocol,
                Math.max(0, icmp ? icmpId : sourceId),
                icmp
                        ? Tuple.icmpTypeAndCode(Math.max(0, icmpType), Math.max(0, icmpCode))
                        : Math.max(0, destinationId));
    }

    /** Whether a tuple has what was given, addresses under a mask if there is one. */
    boolean matches(Tuple tuple, @Nullable IpAddress sourceMask, @Nullable IpAddress destinationMask) {
        return (source == null || same(source, tuple.source(), sourceMask))
                && (destination == null || same(destination, tuple.destination(), destinationMask))
                && (sourceId == UNSET || sourceId == tuple.sourceId())
                && (destinationId == UNSET || destinationId == tuple.destinationId())
                && (icmpType == UNSET || icmpType == tuple.icmpType())
                && (icmpCode == UNSET || icmpCode == tuple.icmpCode())
                && (icmpId == UNSET || icmpId == tuple.icmpId());
    }

    private static boolean same(IpAddress wanted, IpAddress address, @Nullable IpAddress mask) {
        if (wanted.family() != address.family()) {
            return false;
        }
        long high = mask == null ? -1 : mask.high();
        long low = mask == null ? -1 : mask.low();
        return ((wanted.high() ^ address.high()) & high) == 0 && ((wanted.low() ^ address.low()) & low) == 0;
    }
}
