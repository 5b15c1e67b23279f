// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the kernel's flows take part in synchronisation. It limits what is learnt from the kernel and what a flush
 * deletes there; messages of a peer are never filtered. The tests are those of conntrackd's user-space filter, joined
 * by and; a test that is absent passes.
 *
 * @param protocols tested against the protocol number of the original tuple (0..255)
 * @param addresses tested against the original source and the reply source, which is the real server behind a
 *     destination NAT; one match is enough
 * @param tcpStates tested against the state number of TCP flows; flows without a TCP state pass
 */
public record FlowFilter(
        Optional<Rule<Integer>> protocols, Optional<Rule<AddressPrefix>> addresses, Optional<Rule<Integer>> tcpStates) {

    /** Lets everything through. */
    public static final FlowFilter ALL = new FlowFilter(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * One test: the listed values must match, or must not.
     *
     * @param accept true: only what is listed passes; false: what is listed does not pass
     * @param values what is listed
     */
    public record Rule<T>(boolean accept, List<T> values) {
        /** Copies the list. */
        public Rule {
            values = List.copyOf(values);
        }

        /** Only these pass. */
        public static <T> Rule<T> accept(List<T> values) {
            return new Rule<>(true, values);
        }

        /** These do not pass. */
        public static <T> Rule<T> ignore(List<T> values) {
            return new Rule<>(false, values);
        }
    }

    /** This filter, and only these protocol numbers. */
    public FlowFilter acceptProtocols(Set<Integer> numbers) {
        return new FlowFilter(Optional.of(Rule.accept(List.copyOf(numbers))), addresses, tcpStates);
    }

    /** This filter, and no flows from these addresses. */
    public FlowFilter ignoreAddresses(List<AddressPrefix> prefixes) {
        return new FlowFilter(protocols, Optional.of(Rule.ignore(prefixes)), tcpStates);
    }

    /** The compiled form, for use per event. */
    public Matcher matcher() {
        return new Matcher(this);
    }

    /** The filter as bit sets and arrays: it allocates nothing per flow. */
    public static final class Matcher {
        private final boolean acceptProtocols;
        private final BitSet protocols;
        private final boolean acceptAddresses;
        private final AddressPrefix[] prefixes;
        private final boolean acceptStates;
        private final BitSet states;

        private Matcher(FlowFilter filter) {
            // An absent test is one that ignores nothing.
            acceptProtocols = filter.protocols.map(Rule::accept).orElse(false);
            protocols = bits(filter.protocols);
            acceptAddresses = filter.addresses.map(Rule::accept).orElse(false);
            prefixes = filter.addresses
                    .map(rule -> rule.values().toArray(AddressPrefix[]::new))
                    .orElse(new AddressPrefix[0]);
            acceptStates = filter.tcpStates.map(Rule::accept).orElse(false);
            states = bits(filter.tcpStates);
        }

        /** Whether the flow takes part. */
        public boolean accepts(Flow flow) {
            boolean wrongState = flow.original().protocol() == Protocol.TCP
                    && flow.has(Attribute.TCP_STATE)
                    && states.get(flow.tcpState()) != acceptStates;
            return !wrongState && acceptsInAnyState(flow);
        }

        /** As {@link #accepts}, for the end of a flow, which may have taken part in an earlier state. */
        public boolean acceptsInAnyState(Flow flow) {
            Tuple original = flow.original();
            return protocols.get(original.protocol()) == acceptProtocols
                    && matchesAddress(original, flow.reply()) == acceptAddresses;
        }

        private boolean matchesAddress(Tuple original, @Nullable Tuple reply) {
            for (AddressPrefix prefix : prefixes) {
                if (prefix.contains(original.family(), original.sourceHigh(), original.sourceLow())
                        || (reply != null && prefix.contains(reply.family(), reply.sourceHigh(), reply.sourceLow()))) {
                    return true;
                }
            }
            return false;
        }

        private static BitSet bits(Optional<Rule<Integer>> rule) {
            BitSet bits = new BitSet(256);
            rule.ifPresent(some -> some.values().forEach(bits::set));
            return bits;
        }
    }
}
