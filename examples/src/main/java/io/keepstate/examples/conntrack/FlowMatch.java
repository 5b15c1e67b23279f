// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whether a flow is one of those a command line means. */
final class FlowMatch implements Predicate<Flow> {
    private final Arguments wanted;
    private final boolean tuplesOnly;

    private FlowMatch(Arguments wanted, boolean tuplesOnly) {
        this.wanted = wanted;
        this.tuplesOnly = tuplesOnly;
    }

    /** By everything that is said. */
    static FlowMatch of(Arguments wanted) {
        return new FlowMatch(wanted, false);
    }

    /** By tuples, NAT, labels and id; the rest says what the flow shall become. */
    static FlowMatch ofUpdate(Arguments wanted) {
        return new FlowMatch(wanted, true);
    }

    /** What of it the kernel can decide. */
    static DumpFilter inKernel(Arguments wanted) {
        DumpFilter filter = DumpFilter.ALL;
        return wanted.family == null ? filter : filter.withFamily(wanted.family);
    }

    @Override
    public boolean test(Flow flow) {
        return tuples(flow) && nat(flow) && labels(flow) && id(flow) && (tuplesOnly || attributes(flow));
    }

    private boolean tuples(Flow flow) {
        Tuple original = flow.original();
        if ((wanted.family != null && wanted.family != original.family())
                || (wanted.protocol >= 0 && wanted.protocol != original.protocol())
                || !wanted.original.matches(original, wanted.mask.source, wanted.mask.destination)) {
            return false;
        }
        Tuple reply = flow.reply();
        return reply == null
                ? !wanted.reply.hasAnyAddress() && !wanted.reply.hasIdentifiers()
                : wanted.reply.matches(reply, null, null);
    }

    private boolean attributes(Flow flow) {
        for (Map.Entry<Attribute, Long> entry : wanted.attributes.entrySet()) {
            Attribute attribute = entry.getKey();
            // As conntrack: -D -t N alone means every flow, beside another attribute those of just this timeout.
            boolean counts =
                    attribute != Attribute.ID && (attribute != Attribute.TIMEOUT || ArgumentRules.isCompared(wanted));
            if (counts && flow.get(attribute) != entry.getValue()) {
                return false;
            }
        }
        return (!wanted.has(Option.MARK) || (flow.mark() & wanted.markMask) == wanted.mark)
                && (!wanted.has(Option.STATUS) || (flow.status() & wanted.status) == wanted.status)
                && (!wanted.has(Option.SECMARK) || wanted.securityMark == 0);
    }

    private boolean id(Flow flow) {
        Long id = wanted.attributes.get(Attribute.ID);
        return id == null || id == flow.get(Attribute.ID);
    }

    private boolean labels(Flow flow) {
        int[] labels = wanted.labels;
        for (int i = 0; labels != null && i < labels.length; i++) {
            int word = i < flow.labelWords() ? flow.labelWord(i) : 0;
            if ((word & labels[i]) != labels[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean nat(Flow flow) {
        return (!wanted.has(Option.SRC_NAT) || sourceNat(flow, wanted.sourceNat))
                && (!wanted.has(Option.DST_NAT) || destinationNat(flow, wanted.destinationNat))
                && (!wanted.has(Option.ANY_NAT)
                        || sourceNat(flow, wanted.anyNat)
                        || destinationNat(flow, wanted.anyNat));
    }

    private static boolean sourceNat(Flow flow, Arguments.Nat nat) {
        Tuple reply = flow.reply();
        return reply != null
                && (flow.status() & Status.SRC_NAT) != 0
                && translated(
                        flow.original().source(),
                        reply.destination(),
                        flow.original().sourceId(),
                        reply.destinationId())
                && is(nat, reply.destination(), reply.destinationId());
    }

    private static boolean destinationNat(Flow flow, Arguments.Nat nat) {
        Tuple reply = flow.reply();
        return reply != null
                && (flow.status() & Status.DST_NAT) != 0
                && translated(
                        flow.original().destination(),
                        reply.source(),
                        flow.original().destinationId(),
                        reply.sourceId())
                && is(nat, reply.source(), reply.sourceId());
    }

    /** The status bit alone also stands for a translation to itself. */
    private static boolean translated(IpAddress before, IpAddress after, int idBefore, int idAfter) {
        return !before.equals(after) || idBefore != idAfter;
    }

    private static boolean is(Arguments.Nat nat, @Nullable IpAddress address, int port) {
        return (nat.address() == null || nat.address().equals(address)) && (nat.port() == 0 || nat.port() == port);
    }
}
