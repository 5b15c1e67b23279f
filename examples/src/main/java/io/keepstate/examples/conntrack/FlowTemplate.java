// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.libc.Errno;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flow a command line describes, to be created or looked for; and what it makes of one that is there. */
final class FlowTemplate {
    private FlowTemplate() {}

    /** The flow to create. The direction that is not given is the mirror of the other. */
    static Flow created(Arguments read) {
        Family family = read.family == null ? Family.IPV4 : read.family;
        boolean foreign =
                read.verb().isCreate() && read.protocol == (family == Family.IPV4 ? Protocol.ICMPV6 : Protocol.ICMP);
        if (foreign) {
            throw Refusal.kernel(read.verb(), Errno.EINVAL);
        }
        Tuple original = read.original.tuple(family, read.protocol);
        Tuple reply = read.reply.tuple(family, read.protocol);
        if (!read.original.hasAnyAddress()) {
            if (Protocol.isIcmp(read.protocol)) {
                // The options name a request; an answer alone says nothing.
                throw Refusal.kernel(read.verb(), Errno.EINVAL);
            }
            original = (read.reply.hasIdentifiers() ? reply : unidentified(reply)).inverted();
            reply = original.inverted();
        } else if (!read.reply.hasAnyAddress()) {
            boolean translated = read.sourceNat.address() != null && read.destinationNat.address() != null;
            // A saved flow whose both ends are translated names no address of its answer, but its ports.
            reply = translated && read.reply.hasIdentifiers()
                    ? withIdentifiers(original.inverted(), reply)
                    : original.inverted();
        } else if (Protocol.isIcmp(read.protocol)) {
            reply = answering(original, reply);
        }
        FlowBuilder builder = Flow.builder(original).reply(reply).status(read.status);
        read.attributes.forEach(builder::set);
        if (read.has(Option.MARK)) {
            builder.mark(read.mark);
        }
        return builder.sourceNat(target(read.sourceNat))
                .destinationNat(target(read.destinationNat))
                .labels(read.labelsToAdd)
                .build();
    }

    /** The options name type, code and id of the request only; those of the answer follow from them. */
    private static Tuple answering(Tuple request, Tuple addresses) {
        return withIdentifiers(addresses, request.inverted());
    }

    private static Tuple withIdentifiers(Tuple addresses, Tuple identifiers) {
        return new Tuple(
                addresses.family(),
                addresses.sourceHigh(),
                addresses.sourceLow(),
                addresses.destinationHigh(),
                addresses.destinationLow(),
                identifiers.protocol(),
                identifiers.sourceId(),
                identifiers.destinationId());
    }

    /**
     * Whether the kernel would take the tuples. Of an address it is content with 0.0.0.0, but not with a direction that has
     * one and says nothing of its ports.
     */
    static boolean isWhole(Arguments read) {
        return !(Protocol.hasPorts(read.protocol) || read.protocol == Protocol.GRE)
                || !read.original.hasAnyAddress()
                || !read.reply.hasAnyAddress()
                || read.reply.hasIdentifiers();
    }

    /** What conntrack makes of a reply tuple without ports: one of no protocol. */
    private static Tuple unidentified(Tuple reply) {
        return new Tuple(
                reply.family(),
                reply.sourceHigh(),
                reply.sourceLow(),
                reply.destinationHigh(),
                reply.destinationLow(),
                0,
                0,
                0);
    }

    private static @Nullable NatTarget target(Arguments.Nat nat) {
        return nat.address() == null ? null : new NatTarget(nat.address(), nat.port());
    }

    /** What an update sends for a flow that is there; null when nothing would change. */
    static @Nullable Flow updated(Arguments read, Flow flow) {
        FlowBuilder builder = Flow.builder(flow.original());
        copy(flow, builder, Attribute.ZONE);
        copy(flow, builder, Attribute.ZONE_ORIGINAL);
        boolean unlabels = read.labelsToDelete != null && flow.labelWords() > 0;
        boolean changes = read.labelsToAdd != null || unlabels;
        for (Map.Entry<Attribute, Long> entry : read.attributes.entrySet()) {
            Attribute attribute = entry.getKey();
            if (attribute != Attribute.ID) {
                builder.set(attribute, entry.getValue());
                changes |= flow.get(attribute) != entry.getValue() && !isRefusedAlone(attribute, read);
            }
        }
        // Bits once set stay set.
        int status = flow.status() | read.status;
        if (read.has(Option.STATUS)) {
            builder.status(status | Status.CONFIRMED);
            changes |= status != flow.status();
        }
        if (read.has(Option.MARK)) {
            int mark = (flow.mark() & ~read.markMask) ^ read.mark;
            builder.mark(mark);
            changes |= mark != flow.mark();
        }
        if (read.labelsToAdd != null) {
            builder.labels(read.labelsToAdd);
        } else if (unlabels) {
            builder.labels(LabelMap.empty());
        }
        return changes ? builder.build() : null;
    }

    /** The kernel takes the tags of SCTP with a state only. */
    private static boolean isRefusedAlone(Attribute attribute, Arguments read) {
        return (attribute == Attribute.SCTP_VTAG_ORIGINAL || attribute == Attribute.SCTP_VTAG_REPLY)
                && !read.attributes.containsKey(Attribute.SCTP_STATE);
    }

    /** Which label bits an update means: those to set, or those to clear. */
    static int @Nullable [] labelMask(Arguments read) {
        return read.labelsToAdd != null ? read.labelsToAdd : read.labelsToDelete;
    }

    private static void copy(Flow from, FlowBuilder to, Attribute attribute) {
        if (from.has(attribute)) {
            to.set(attribute, from.get(attribute));
        }
    }
}
