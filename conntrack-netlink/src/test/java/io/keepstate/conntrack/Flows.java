// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Flows for tests. */
public final class Flows {
    /** What an established connection has that was seen in both directions. */
    public static final int ESTABLISHED = Status.SEEN_REPLY | Status.ASSURED | Status.CONFIRMED;

    public static final int CLIENTS = 0x0a000000;
    public static final int SERVER = 0x0a010002;
    public static final IpAddress PUBLIC = IpAddress.parse("9.9.9.9");

    private Flows() {}

    /** The n-th TCP connection of many, established. */
    public static Flow tcp(int n) {
        return Flow.builder(Tuple.ipv4(CLIENTS + 1 + n / 50_000, SERVER, Protocol.TCP, 10_000 + n % 50_000, 443))
                .status(ESTABLISHED)
                .tcpState(TcpState.ESTABLISHED)
                .mark(n)
                .build();
    }

    /** The same as a sync message tells it, source translated to a port of its own. */
    public static Flow natted(int n) {
        return tcp(n).toBuilder()
                .status(ESTABLISHED | Status.SRC_NAT | Status.SRC_NAT_DONE | Status.DST_NAT_DONE)
                .sourceNat(new NatTarget(IpAddress.ipv4(0x09090900 + n / 50_000), 10_000 + n % 50_000))
                .build();
    }

    /** The n-th UDP flow. */
    public static Flow udp(int n) {
        return Flow.builder(Tuple.ipv4(CLIENTS + 1 + n / 50_000, SERVER, Protocol.UDP, 10_000 + n % 50_000, 53))
                .status(Status.SEEN_REPLY | Status.CONFIRMED)
                .build();
    }

    /** An established TCP connection between two addresses. */
    public static Flow tcp(String source, int sourcePort, String destination, int destinationPort) {
        return Flow.builder(tuple(Protocol.TCP, source, sourcePort, destination, destinationPort))
                .status(ESTABLISHED)
                .tcpState(TcpState.ESTABLISHED)
                .build();
    }

    /** A tuple from text. */
    public static Tuple tuple(int protocol, String source, int sourceId, String destination, int destinationId) {
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(destination);
        return new Tuple(
                from.family(), from.high(), from.low(), to.high(), to.low(), protocol, sourceId, destinationId);
    }

    /** The first {@code count} of a kind. */
    public static List<Flow> many(int count, java.util.function.IntFunction<Flow> kind) {
        List<Flow> flows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            flows.add(kind.apply(i));
        }
        return flows;
    }
}
