// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Flows of every kind that a firewall has and the wire carries: both families, all TCP states, UDP and ICMP with and
 * without answers, source and destination NAT, marks, zones, a flow that belongs to another.
 */
final class FlowMix {
    /** Destination of the connections that others belong to. */
    static final int MASTER_PORT = 21;

    private static final int REPLIED = Status.CONFIRMED | Status.SEEN_REPLY;
    private static final int ASSURED = REPLIED | Status.ASSURED;
    private static final int PER_KIND = 20;

    private static final IpAddress CLIENT4 = IpAddress.parse("172.16.0.10");
    private static final IpAddress SERVER4 = IpAddress.parse("198.51.100.80");
    private static final IpAddress PUBLIC4 = IpAddress.parse("203.0.113.5");
    private static final IpAddress INSIDE4 = IpAddress.parse("172.16.0.80");
    private static final IpAddress CLIENT6 = IpAddress.parse("2001:db8:16::10");
    private static final IpAddress SERVER6 = IpAddress.parse("2001:db8:15::80");
    private static final IpAddress PUBLIC6 = IpAddress.parse("2001:db8:203::5");
    private static final IpAddress INSIDE6 = IpAddress.parse("2001:db8:16::80");

    private final List<Flow> flows = new ArrayList<>();
    private int nextPort = 10_000;

    private FlowMix() {}

    /** More than 500 flows, masters first. */
    static List<Flow> everyKind() {
        FlowMix mix = new FlowMix();
        for (Family family : Family.values()) {
            mix.tcpStates(family);
            mix.udp(family);
            mix.icmp(family);
            mix.sourceNat(family);
            mix.destinationNat(family);
            mix.zones(family);
            mix.related(family);
        }
        return mix.flows;
    }

    /** As many established TCP connections as asked for, every third translated. */
    static List<Flow> tcp(int count) {
        List<Flow> flows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int client = 0xac100000 + 256 + i / 40_000;
            Tuple original = Tuple.ipv4(client, (int) SERVER4.low(), Protocol.TCP, 10_000 + i % 40_000, 443);
            FlowBuilder flow = Flow.builder(original)
                    .status(ASSURED)
                    .tcpState(TcpState.ESTABLISHED)
                    .mark(i & 7);
            if (i % 3 == 0) {
                flow.sourceNat(new NatTarget(IpAddress.ipv4(0xcb007100 + i / 40_000), 10_000 + i % 40_000));
            } else {
                flow.reply(original.inverted());
            }
            flows.add(flow.build());
        }
        return flows;
    }

    /** As many established TCP connections as asked for, all of them behind source NAT. */
    static List<Flow> translatedTcp(int count) {
        List<Flow> flows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int host = i / 40_000;
            int port = 10_000 + i % 40_000;
            Tuple original = Tuple.ipv4(0xac100000 + 256 + host, (int) SERVER4.low(), Protocol.TCP, port, 443);
            flows.add(Flow.builder(original)
                    .status(ASSURED)
                    .tcpState(TcpState.ESTABLISHED)
                    .sourceNat(new NatTarget(IpAddress.ipv4(0xcb007100 + host), port))
                    .build());
        }
        return flows;
    }

    private void tcpStates(Family family) {
        for (int state = TcpState.NONE; state <= TcpState.SYN_SENT2; state++) {
            for (int i = 0; i < PER_KIND / 2; i++) {
                int status = state < TcpState.ESTABLISHED ? Status.CONFIRMED : ASSURED;
                add(plain(tuple(family, Protocol.TCP, port(), 80), status)
                        .tcpState(state)
                        .mark(i));
            }
        }
    }

    private void udp(Family family) {
        for (int status : new int[] {Status.CONFIRMED, REPLIED, ASSURED}) {
            for (int i = 0; i < PER_KIND / 2; i++) {
                add(plain(tuple(family, Protocol.UDP, port(), 53), status).mark(0x80000000 + i));
            }
        }
    }

    private void icmp(Family family) {
        int[] requests = family == Family.IPV4 ? new int[] {8, 13, 17} : new int[] {128};
        int protocol = family == Family.IPV4 ? Protocol.ICMP : Protocol.ICMPV6;
        for (int type : requests) {
            for (int i = 0; i < PER_KIND; i++) {
                int id = 0x100 * type + i;
                add(plain(
                        tuple(family, protocol, id, Tuple.icmpTypeAndCode(type, 0)),
                        i % 2 == 0 ? REPLIED : Status.CONFIRMED));
            }
        }
    }

    /** By address and port, by address alone, by port alone; TCP, UDP and echo requests. */
    private void sourceNat(Family family) {
        IpAddress outside = family == Family.IPV4 ? PUBLIC4 : PUBLIC6;
        for (int i = 0; i < PER_KIND; i++) {
            int port = port();
            add(established(family, port, 443).sourceNat(new NatTarget(outside, port + 20_000)));
            port = port();
            add(established(family, port, 443).sourceNat(new NatTarget(outside, 0)));
            port = port();
            add(established(family, port, 443).sourceNat(new NatTarget(null, port + 20_000)));
            port = port();
            add(unanswered(tuple(family, Protocol.UDP, port, 123))
                    .status(ASSURED)
                    .sourceNat(new NatTarget(outside, port + 20_000)));
        }
        int echo = Tuple.icmpTypeAndCode(family == Family.IPV4 ? 8 : 128, 0);
        int protocol = family == Family.IPV4 ? Protocol.ICMP : Protocol.ICMPV6;
        for (int i = 0; i < PER_KIND / 2; i++) {
            add(unanswered(tuple(family, protocol, 0x7000 + i, echo))
                    .status(REPLIED)
                    .sourceNat(new NatTarget(outside, 0)));
        }
    }

    /** A published service, also reached from inside: both ends translated. */
    private void destinationNat(Family family) {
        IpAddress outside = family == Family.IPV4 ? PUBLIC4 : PUBLIC6;
        IpAddress inside = family == Family.IPV4 ? INSIDE4 : INSIDE6;
        for (int i = 0; i < PER_KIND; i++) {
            add(established(family, port(), 8080).destinationNat(new NatTarget(inside, 80)));
            add(established(family, port(), 8080).destinationNat(new NatTarget(inside, 0)));
            int port = port();
            add(established(family, port, 8080)
                    .destinationNat(new NatTarget(inside, 80))
                    .sourceNat(new NatTarget(outside, port + 20_000)));
        }
    }

    /** The same tuples in two zones and in none. */
    private void zones(Family family) {
        for (int i = 0; i < PER_KIND / 2; i++) {
            Tuple tuple = tuple(family, Protocol.UDP, port(), 4500);
            add(plain(tuple, ASSURED));
            add(plain(tuple, ASSURED).zone(7));
            add(plain(tuple, ASSURED).zone(65_535).mark(9));
        }
    }

    private void related(Family family) {
        for (int i = 0; i < PER_KIND / 2; i++) {
            Flow master = plain(tuple(family, Protocol.TCP, port(), MASTER_PORT), ASSURED)
                    .tcpState(TcpState.ESTABLISHED)
                    .build();
            flows.add(master);
            add(plain(tuple(family, Protocol.TCP, port(), 20), ASSURED | Status.EXPECTED)
                    .tcpState(TcpState.ESTABLISHED)
                    .master(master.original()));
        }
    }

    private void add(FlowBuilder flow) {
        flows.add(flow.build());
    }

    private int port() {
        return nextPort++;
    }

    private static FlowBuilder established(Family family, int source, int destination) {
        return unanswered(tuple(family, Protocol.TCP, source, destination))
                .status(ASSURED)
                .tcpState(TcpState.ESTABLISHED);
    }

    private static FlowBuilder plain(Tuple original, int status) {
        return unanswered(original).reply(original.inverted()).status(status);
    }

    private static FlowBuilder unanswered(Tuple original) {
        return Flow.builder(original);
    }

    private static Tuple tuple(Family family, int protocol, int source, int destination) {
        IpAddress from = family == Family.IPV4 ? CLIENT4 : CLIENT6;
        IpAddress to = family == Family.IPV4 ? SERVER4 : SERVER6;
        return new Tuple(family, from.high(), from.low(), to.high(), to.low(), protocol, source, destination);
    }
}
