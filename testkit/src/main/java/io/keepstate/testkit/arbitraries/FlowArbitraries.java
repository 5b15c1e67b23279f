// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.arbitraries;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Counters;
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
import net.jqwik.api.Combinators;

/**
 * Flows as a kernel reports them: every protocol that connection tracking follows and some it does not, translated or
 * not, each further part there or not.
 */
public final class FlowArbitraries {
    private static final long MAX_16_BITS = 0xffff;
    private static final long MAX_32_BITS = 0xffff_ffffL;
    private static final long MAX_48_BITS = 0xffff_ffff_ffffL;
    private static final double HALF = 0.5;
    private static final double SELDOM = 0.2;
    private static final double RARELY = 0.05;

    private FlowArbitraries() {}

    /** Flows with their reply tuple, half of them translated. */
    public static Arbitrary<Flow> flows() {
        return TupleArbitraries.tuples().flatMap(FlowArbitraries::flowsOf);
    }

    /** Flows whose original tuple is one of these: for histories in which keys meet again. */
    public static Arbitrary<Flow> flowsAmong(List<Tuple> tuples) {
        return Arbitraries.of(tuples).flatMap(FlowArbitraries::flowsOf);
    }

    /** Flows of this original tuple. */
    public static Arbitrary<Flow> flowsOf(Tuple original) {
        return TupleArbitraries.replies(original).flatMap(reply -> parts(original, reply));
    }

    private static Arbitrary<Flow> parts(Tuple original, Tuple reply) {
        return Combinators.combine(
                        statuses(),
                        PartChoice.choices(),
                        PartChoice.choices(),
                        TupleArbitraries.tuples(original.family()))
                .as((status, choice, ofProtocol, master) -> {
                    FlowBuilder flow = Flow.builder(original).reply(reply).status(status);
                    numbers(flow, choice);
                    extensions(flow, choice, master);
                    times(flow, choice);
                    states(flow, original.protocol(), ofProtocol);
                    return flow.build();
                });
    }

    private static void numbers(FlowBuilder flow, PartChoice choice) {
        if (choice.has(RARELY)) {
            flow.clear(Attribute.STATUS);
        }
        number(flow, choice, HALF, Attribute.TIMEOUT, MAX_32_BITS);
        number(flow, choice, HALF, Attribute.MARK, MAX_32_BITS);
        number(flow, choice, SELDOM, Attribute.ZONE, MAX_16_BITS);
        number(flow, choice, RARELY, Attribute.ZONE_ORIGINAL, MAX_16_BITS);
        number(flow, choice, RARELY, Attribute.ZONE_REPLY, MAX_16_BITS);
        number(flow, choice, HALF, Attribute.ID, MAX_32_BITS);
        number(flow, choice, HALF, Attribute.USE, 7);
        if (choice.has(SELDOM)) {
            flow.originalCounters(new Counters(choice.number(-1), choice.number(-1)));
            flow.replyCounters(new Counters(choice.number(-1), choice.number(-1)));
        }
    }

    private static void number(FlowBuilder flow, PartChoice choice, double probability, Attribute part, long highest) {
        if (choice.has(probability)) {
            flow.set(part, choice.number(highest));
        }
    }

    private static void extensions(FlowBuilder flow, PartChoice choice, Tuple master) {
        if (choice.has(SELDOM)) {
            flow.master(master);
        }
        if (choice.has(SELDOM)) {
            flow.originalAdjustment(adjustment(choice)).replyAdjustment(adjustment(choice));
        }
        if (choice.has(SELDOM)) {
            boolean real = choice.number(1) != 0;
            flow.synProxy(real ? new SynProxy(choice.word(), choice.word(), choice.word()) : new SynProxy(0, 0, 0));
        }
        if (choice.has(SELDOM)) {
            flow.helper(choice.of("ftp", "sip", "tftp", "netbios-ns1", "twelve-chars"));
        }
        if (choice.has(SELDOM)) {
            flow.securityContext("system_u:object_r:packet_t:s0");
        }
        if (choice.has(SELDOM)) {
            int[] labels = new int[choice.between(1, 4)];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = choice.word();
            }
            flow.labels(labels);
        }
    }

    private static SequenceAdjustment adjustment(PartChoice choice) {
        return new SequenceAdjustment(choice.word(), choice.word(), choice.word());
    }

    /** A flow that ended also began, and nothing happened in 1970. */
    private static void times(FlowBuilder flow, PartChoice choice) {
        if (choice.has(SELDOM)) {
            flow.set(Attribute.TIMESTAMP_START, 1 + choice.number(MAX_48_BITS));
            if (choice.has(HALF)) {
                flow.set(Attribute.TIMESTAMP_STOP, 1 + choice.number(MAX_48_BITS));
            }
        }
        number(flow, choice, SELDOM, Attribute.TIMESTAMP_EVENT, MAX_48_BITS);
    }

    /** What the flow's protocol keeps of it; each part there or not, which is more than a kernel does. */
    private static void states(FlowBuilder flow, int protocol, PartChoice choice) {
        switch (protocol) {
            case Protocol.TCP -> {
                state(flow, choice, Attribute.TCP_STATE, 9);
                state(flow, choice, Attribute.TCP_WSCALE_ORIGINAL, 14);
                state(flow, choice, Attribute.TCP_WSCALE_REPLY, 14);
                number(flow, choice, HALF, Attribute.TCP_FLAGS_ORIGINAL, MAX_16_BITS);
                number(flow, choice, HALF, Attribute.TCP_FLAGS_REPLY, MAX_16_BITS);
            }
            case Protocol.SCTP -> {
                state(flow, choice, Attribute.SCTP_STATE, 9);
                number(flow, choice, HALF, Attribute.SCTP_VTAG_ORIGINAL, MAX_32_BITS);
                number(flow, choice, HALF, Attribute.SCTP_VTAG_REPLY, MAX_32_BITS);
            }
            case Protocol.DCCP -> {
                state(flow, choice, Attribute.DCCP_STATE, 9);
                state(flow, choice, Attribute.DCCP_ROLE, 1);
                number(flow, choice, HALF, Attribute.DCCP_HANDSHAKE_SEQUENCE, MAX_48_BITS);
            }
            default -> {
                // other protocols keep no state
            }
        }
    }

    private static void state(FlowBuilder flow, PartChoice choice, Attribute part, int highest) {
        if (choice.has(HALF)) {
            flow.set(part, choice.between(0, highest));
        }
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
}
