// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.arbitraries;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Counters;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.SequenceAdjustment;
import io.keepstate.flow.Status;
import io.keepstate.flow.SynProxy;
import io.keepstate.flow.Tuple;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Builders;
import net.jqwik.api.Combinators;

/**
 * Flows as a kernel reports them: every protocol that connection tracking follows and some it does not, translated or
 * not, each further part there or not.
 */
public final class FlowArbitraries {
    private static final int TCP_STATES = 10;
    private static final double HALF = 0.5;
    private static final double SELDOM = 0.2;

    private FlowArbitraries() {}

    /** IP protocols: those with a tracker, and OSPF and IP-in-IP for those without. */
    public static Arbitrary<Integer> protocols() {
        return Arbitraries.frequency(
                net.jqwik.api.Tuple.of(6, Protocol.TCP),
                net.jqwik.api.Tuple.of(4, Protocol.UDP),
                net.jqwik.api.Tuple.of(2, Protocol.ICMP),
                net.jqwik.api.Tuple.of(2, Protocol.SCTP),
                net.jqwik.api.Tuple.of(2, Protocol.DCCP),
                net.jqwik.api.Tuple.of(1, Protocol.GRE),
                net.jqwik.api.Tuple.of(1, Protocol.UDPLITE),
                net.jqwik.api.Tuple.of(1, 89),
                net.jqwik.api.Tuple.of(1, 4));
    }

    /** Tuples over IPv4 and IPv6; ICMP becomes ICMPv6 over IPv6. */
    public static Arbitrary<Tuple> tuples() {
        return Combinators.combine(
                        protocols(), Arbitraries.of(true, false), addresses(), addresses(), numbers16(), numbers16())
                .as(FlowArbitraries::tuple);
    }

    /** Tuples of one family. */
    public static Arbitrary<Tuple> tuples(Family family) {
        return Combinators.combine(protocols(), addresses(), addresses(), numbers16(), numbers16())
                .as((protocol, source, destination, sourceId, destinationId) ->
                        tuple(protocol, family == Family.IPV4, source, destination, sourceId, destinationId));
    }

    /** Flows with their reply tuple, half of them translated. */
    public static Arbitrary<Flow> flows() {
        return tuples().flatMap(FlowArbitraries::flowsOf);
    }

    /** Flows whose original tuple is one of these: for histories in which keys meet again. */
    public static Arbitrary<Flow> flowsAmong(List<Tuple> tuples) {
        return Arbitraries.of(tuples).flatMap(FlowArbitraries::flowsOf);
    }

    /** Flows of this original tuple. */
    public static Arbitrary<Flow> flowsOf(Tuple original) {
        return replies(original).flatMap(reply -> parts(original, reply));
    }

    private static Arbitrary<Flow> parts(Tuple original, Tuple reply) {
        return Builders.withBuilder(() -> Flow.builder(original).reply(reply))
                .use(statuses())
                .withProbability(0.9)
                .in(FlowBuilder::status)
                .use(numbers32())
                .withProbability(HALF)
                .in((b, v) -> b.set(Attribute.TIMEOUT, v))
                .use(numbers32())
                .withProbability(HALF)
                .in((b, v) -> b.set(Attribute.MARK, v))
                .use(numbers16())
                .withProbability(SELDOM)
                .in(FlowBuilder::zone)
                .use(numbers16())
                .withProbability(0.05)
                .in((b, v) -> b.set(Attribute.ZONE_REPLY, v))
                .use(numbers32())
                .withProbability(HALF)
                .in((b, v) -> b.set(Attribute.ID, v))
                .use(Arbitraries.integers().between(1, 9))
                .withProbability(HALF)
                .in((b, v) -> b.set(Attribute.USE, v))
                .use(protocolStates(original.protocol()))
                .in((b, state) -> state.addTo(b))
                .use(tuples(original.family()))
                .withProbability(SELDOM)
                .in((b, v) -> b.master(withPortsOnly(v)))
                .use(adjustments())
                .withProbability(SELDOM)
                .in((b, v) -> b.originalAdjustment(v).replyAdjustment(v))
                .use(numbers32())
                .withProbability(SELDOM)
                .in((b, v) -> b.synProxy(new SynProxy(v.intValue(), ~v.intValue(), 7)))
                .use(Arbitraries.of("ftp", "sip", "tftp", "netbios-ns1", "twelve-chars"))
                .withProbability(SELDOM)
                .in(FlowBuilder::helper)
                .use(Arbitraries.integers().array(int[].class).ofSize(4))
                .withProbability(SELDOM)
                .in(FlowBuilder::labels)
                .use(Arbitraries.longs())
                .withProbability(SELDOM)
                .in((b, v) -> b.originalCounters(new Counters(v, v)).replyCounters(new Counters(~v, v)))
                .build(FlowBuilder::build);
    }

    /** Status bits with those that say what is going on set often. */
    public static Arbitrary<Integer> statuses() {
        return Arbitraries.subsetOf(
                        Status.SEEN_REPLY,
                        Status.ASSURED,
                        Status.CONFIRMED,
                        Status.SRC_NAT,
                        Status.DST_NAT,
                        Status.SRC_NAT_DONE,
                        Status.DST_NAT_DONE,
                        Status.SEQ_ADJUST,
                        Status.FIXED_TIMEOUT,
                        Status.HELPER,
                        Status.OFFLOAD)
                .map(bits -> bits.stream().mapToInt(Integer::intValue).sum());
    }

    private static Arbitrary<Tuple> replies(Tuple original) {
        Arbitrary<Tuple> translated = Combinators.combine(
                        addresses(),
                        addresses(),
                        Arbitraries.integers().between(1, 0xffff),
                        Arbitraries.integers().between(1, 3))
                .as((source, destination, port, which) ->
                        translated(original.inverted(), source, destination, port, which));
        return Arbitraries.oneOf(Arbitraries.just(original.inverted()), translated);
    }

    private static Tuple translated(Tuple plain, long[] source, long[] destination, int port, int which) {
        boolean v4 = plain.family() == Family.IPV4;
        boolean newSource = (which & 1) != 0;
        boolean newDestination = (which & 2) != 0;
        boolean ports = Protocol.hasPorts(plain.protocol()) && newDestination;
        return new Tuple(
                plain.family(),
                newSource ? high(source, v4) : plain.sourceHigh(),
                newSource ? low(source, v4) : plain.sourceLow(),
                newDestination ? high(destination, v4) : plain.destinationHigh(),
                newDestination ? low(destination, v4) : plain.destinationLow(),
                plain.protocol(),
                plain.sourceId(),
                ports ? port : plain.destinationId());
    }

    private static Tuple tuple(
            int protocol, boolean v4, long[] source, long[] destination, int sourceId, int destinationId) {
        int number = protocol == Protocol.ICMP && !v4 ? Protocol.ICMPV6 : protocol;
        boolean ids = Protocol.hasPorts(number) || Protocol.isIcmp(number) || number == Protocol.GRE;
        return new Tuple(
                v4 ? Family.IPV4 : Family.IPV6,
                high(source, v4),
                low(source, v4),
                high(destination, v4),
                low(destination, v4),
                number,
                ids ? sourceId : 0,
                ids ? destinationId : 0);
    }

    /** A master's ICMP identity and GRE keys do not travel; a tuple without them. */
    private static Tuple withPortsOnly(Tuple tuple) {
        boolean ports = Protocol.hasPorts(tuple.protocol());
        return new Tuple(
                tuple.family(),
                tuple.sourceHigh(),
                tuple.sourceLow(),
                tuple.destinationHigh(),
                tuple.destinationLow(),
                tuple.protocol(),
                ports ? tuple.sourceId() : 0,
                ports ? tuple.destinationId() : 0);
    }

    private static long high(long[] address, boolean v4) {
        return v4 ? 0 : address[0];
    }

    private static long low(long[] address, boolean v4) {
        return v4 ? address[1] & 0xffff_ffffL : address[1];
    }

    private static Arbitrary<long[]> addresses() {
        return Arbitraries.longs().array(long[].class).ofSize(2);
    }

    private static Arbitrary<Integer> numbers16() {
        return Arbitraries.integers().between(0, 0xffff);
    }

    private static Arbitrary<Long> numbers32() {
        return Arbitraries.longs().between(0, 0xffff_ffffL);
    }

    private static Arbitrary<SequenceAdjustment> adjustments() {
        return Combinators.combine(Arbitraries.integers(), Arbitraries.integers(), Arbitraries.integers())
                .as(SequenceAdjustment::new);
    }

    private static Arbitrary<ProtocolPart> protocolStates(int protocol) {
        Arbitrary<Integer> states = Arbitraries.integers().between(-1, TCP_STATES - 1);
        Arbitrary<Integer> scales = Arbitraries.integers().between(-1, 14);
        return Combinators.combine(states, scales, numbers32())
                .as((state, scale, tag) -> new ProtocolPart(protocol, state, scale, tag));
    }

    /** The protocol's own state, absent when negative. */
    private record ProtocolPart(int protocol, int state, int scale, long tag) {
        FlowBuilder addTo(FlowBuilder builder) {
            if (state < 0) {
                return builder;
            }
            return switch (protocol) {
                case Protocol.TCP -> {
                    builder.set(Attribute.TCP_STATE, state);
                    yield scale < 0
                            ? builder
                            : builder.set(Attribute.TCP_WSCALE_ORIGINAL, scale)
                                    .set(Attribute.TCP_WSCALE_REPLY, 14 - scale);
                }
                case Protocol.SCTP ->
                    builder.set(Attribute.SCTP_STATE, state)
                            .set(Attribute.SCTP_VTAG_ORIGINAL, tag)
                            .set(Attribute.SCTP_VTAG_REPLY, tag ^ 1);
                case Protocol.DCCP -> builder.set(Attribute.DCCP_STATE, state).set(Attribute.DCCP_ROLE, tag & 1);
                default -> builder;
            };
        }
    }
}
