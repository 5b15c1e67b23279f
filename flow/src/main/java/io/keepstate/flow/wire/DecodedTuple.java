// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.Family;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Addresses, protocol and ports of one tuple, as far as they were seen. */
final class DecodedTuple {
    static final int NONE = -1;

    private @Nullable Family family;
    private boolean mixed;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int protocol;
    private int sourcePort;
    private int destinationPort;

    void reset() {
        family = null;
        mixed = false;
        protocol = NONE;
        sourcePort = NONE;
        destinationPort = NONE;
    }

    void ipv4(ByteBuf in, int at) {
        family(Family.IPV4);
        sourceHigh = 0;
        sourceLow = in.getUnsignedInt(at);
        destinationHigh = 0;
        destinationLow = in.getUnsignedInt(at + 4);
    }

    void ipv6(ByteBuf in, int at) {
        family(Family.IPV6);
        sourceHigh = in.getLong(at);
        sourceLow = in.getLong(at + 8);
        destinationHigh = in.getLong(at + 16);
        destinationLow = in.getLong(at + 24);
    }

    private void family(Family seen) {
        mixed |= family != null && family != seen;
        family = seen;
    }

    void protocol(ByteBuf in, int at) {
        protocol = in.getUnsignedByte(at);
    }

    void ports(ByteBuf in, int at) {
        sourcePort = in.getUnsignedShort(at);
        destinationPort = in.getUnsignedShort(at + 2);
    }

    /** The family of the addresses, null before any. */
    @Nullable
    Family family() {
        return family;
    }

    /** Whether addresses of both families were seen, so that nobody knows which are meant. */
    boolean isMixed() {
        return mixed;
    }

    /** The protocol's number, or {@link #NONE}. */
    int protocol() {
        return protocol;
    }

    boolean hasPorts() {
        return sourcePort != NONE;
    }

    /** Whether nothing was seen. */
    boolean isEmpty() {
        return family == null && protocol == NONE && sourcePort == NONE;
    }

    /** Whether the protocol's ports are missing, though conntrackd sends them: UDPLITE's never reach the wire. */
    boolean lacksPorts() {
        return sourcePort == NONE && WireAttribute.carriesPortsOf(protocol);
    }

    /** With the ports; protocols that have none keep none, whatever the message says. */
    Tuple tuple(Family known) {
        boolean ported = Protocol.hasPorts(protocol) && sourcePort != NONE;
        return tuple(known, ported ? sourcePort : 0, ported ? destinationPort : 0);
    }

    /** With the ports or GRE keys, which expectations carry in the same place. */
    Tuple tupleWithKeys(Family known) {
        boolean keyed = protocol == Protocol.GRE && sourcePort != NONE;
        return keyed ? tuple(known, sourcePort, destinationPort) : tuple(known);
    }

    /** With the ports whatever the protocol: a mask need not name one. */
    Tuple tupleOfMask(Family known) {
        return tuple(known, Math.max(0, sourcePort), Math.max(0, destinationPort));
    }

    Tuple tuple(Family known, int sourceId, int destinationId) {
        return new Tuple(
                known, sourceHigh, sourceLow, destinationHigh, destinationLow, protocol, sourceId, destinationId);
    }
}
