// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.arbitraries;

import io.keepstate.flow.Family;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Tuples of every protocol that connection tracking follows and some it does not. */
public final class TupleArbitraries {
    private static final int NEW_SOURCE = 1;
    private static final int NEW_DESTINATION = 2;
    private static final int NEW_SOURCE_ID = 4;

    private TupleArbitraries() {}

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
        return tuples(Arbitraries.of(Family.values()));
    }

    /** Tuples of one family. */
    public static Arbitrary<Tuple> tuples(Family family) {
        return tuples(Arbitraries.just(family));
    }

    private static Arbitrary<Tuple> tuples(Arbitrary<Family> families) {
        return Combinators.combine(families, protocols(), addresses(), addresses(), numbers16(), numbers16())
                .as(TupleArbitraries::tuple);
    }

    /** What answers this tuple: the mirror image, or translated in addresses, ports or the ICMP identifier. */
    public static Arbitrary<Tuple> replies(Tuple original) {
        Tuple plain = original.inverted();
        Arbitrary<Tuple> translated = Combinators.combine(
                        addresses(),
                        addresses(),
                        Arbitraries.integers().between(1, 0xffff),
                        Arbitraries.integers().between(1, 7))
                .as((source, destination, port, which) -> translated(plain, source, destination, port, which));
        return Arbitraries.oneOf(Arbitraries.just(plain), translated);
    }

    private static Tuple translated(Tuple plain, long[] source, long[] destination, int port, int which) {
        boolean newSource = (which & NEW_SOURCE) != 0;
        boolean newDestination = (which & NEW_DESTINATION) != 0;
        boolean newSourceId = (which & NEW_SOURCE_ID) != 0 && hasIds(plain.protocol());
        boolean newPort = Protocol.hasPorts(plain.protocol()) && newDestination;
        Family family = plain.family();
        return new Tuple(
                family,
                newSource ? high(family, source) : plain.sourceHigh(),
                newSource ? low(family, source) : plain.sourceLow(),
                newDestination ? high(family, destination) : plain.destinationHigh(),
                newDestination ? low(family, destination) : plain.destinationLow(),
                plain.protocol(),
                newSourceId ? port : plain.sourceId(),
                newPort ? port : plain.destinationId());
    }

    private static Tuple tuple(
            Family family, int protocol, long[] source, long[] destination, int sourceId, int destinationId) {
        int number = protocol == Protocol.ICMP && family == Family.IPV6 ? Protocol.ICMPV6 : protocol;
        boolean ids = hasIds(number);
        return new Tuple(
                family,
                high(family, source),
                low(family, source),
                high(family, destination),
                low(family, destination),
                number,
                ids ? sourceId : 0,
                ids ? destinationId : 0);
    }

    private static boolean hasIds(int protocol) {
        return Protocol.hasPorts(protocol) || Protocol.isIcmp(protocol) || protocol == Protocol.GRE;
    }

    private static long high(Family family, long[] address) {
        return family == Family.IPV4 ? 0 : address[0];
    }

    private static long low(Family family, long[] address) {
        return family == Family.IPV4 ? address[1] & 0xffff_ffffL : address[1];
    }

    private static Arbitrary<long[]> addresses() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as((high, low) -> new long[] {high, low});
    }

    private static Arbitrary<Integer> numbers16() {
        return Arbitraries.integers().between(0, 0xffff);
    }
}
