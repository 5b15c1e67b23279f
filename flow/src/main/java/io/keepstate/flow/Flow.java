// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One tracked connection as a netlink message, a sync message or a line of text describes it: an immutable
 * value. Only the original tuple is always there; every other part may be absent, and absent is not zero.
 *
 * <p>Flows are short-lived. A table of a million connections holds packed records, not flows.
 */
public final class Flow {
    private final Tuple original;
    private final @Nullable Tuple reply;
    private final @Nullable Tuple master;
    private final long present;
    private final long[] values;
    private final @Nullable NatTarget sourceNat;
    private final @Nullable NatTarget destinationNat;
    private final @Nullable SequenceAdjustment originalAdjustment;
    private final @Nullable SequenceAdjustment replyAdjustment;
    private final @Nullable SynProxy synProxy;
    private final @Nullable Counters originalCounters;
    private final @Nullable Counters replyCounters;
    private final @Nullable String helper;
    private final @Nullable String securityContext;
    private final int @Nullable [] labels;

    Flow(FlowBuilder from) {
        this.original = Objects.requireNonNull(from.original, "a flow has an original tuple");
        this.reply = from.reply;
        this.master = from.master;
        this.present = from.present;
        this.values = from.values.clone();
        this.sourceNat = from.sourceNat;
        this.destinationNat = from.destinationNat;
        this.originalAdjustment = from.originalAdjustment;
        this.replyAdjustment = from.replyAdjustment;
        this.synProxy = from.synProxy;
        this.originalCounters = from.originalCounters;
        this.replyCounters = from.replyCounters;
        this.helper = from.helper;
        this.securityContext = from.securityContext;
        this.labels = from.labels;
    }

    /** A builder for a flow of this original tuple. */
    public static FlowBuilder builder(Tuple original) {
        return new FlowBuilder().original(original);
    }

    /** A builder that starts with everything this flow has. */
    public FlowBuilder toBuilder() {
        FlowBuilder builder = new FlowBuilder();
        builder.original = original;
        builder.reply = reply;
        builder.master = master;
        builder.present = present;
        System.arraycopy(values, 0, builder.values, 0, values.length);
        builder.sourceNat = sourceNat;
        builder.destinationNat = destinationNat;
        builder.originalAdjustment = originalAdjustment;
        builder.replyAdjustment = replyAdjustment;
        builder.synProxy = synProxy;
        builder.originalCounters = originalCounters;
        builder.replyCounters = replyCounters;
        builder.helper = helper;
        builder.securityContext = securityContext;
        builder.labels = labels;
        return builder;
    }

    /** Lays what this flow has over what the builder has; the original tuple stays the builder's. */
    void overlay(FlowBuilder onto) {
        for (long rest = present; rest != 0; rest &= rest - 1) {
            int index = Long.numberOfTrailingZeros(rest);
            onto.values[index] = values[index];
        }
        onto.present |= present;
        onto.reply = reply != null ? reply : onto.reply;
        onto.master = master != null ? master : onto.master;
        onto.sourceNat = sourceNat != null ? sourceNat : onto.sourceNat;
        onto.destinationNat = destinationNat != null ? destinationNat : onto.destinationNat;
        onto.originalAdjustment = originalAdjustment != null ? originalAdjustment : onto.originalAdjustment;
        onto.replyAdjustment = replyAdjustment != null ? replyAdjustment : onto.replyAdjustment;
        onto.synProxy = synProxy != null ? synProxy : onto.synProxy;
        onto.originalCounters = originalCounters != null ? originalCounters : onto.originalCounters;
        onto.replyCounters = replyCounters != null ? replyCounters : onto.replyCounters;
        onto.helper = helper != null ? helper : onto.helper;
        onto.securityContext = securityContext != null ? securityContext : onto.securityContext;
        onto.labels = labels != null ? labels : onto.labels;
    }

    /** Original tuple and the zone it lives in. */
    public FlowKey key() {
        return new FlowKey(original, originalZone());
    }

    /** The zone in which the original tuple is unique: {@link Attribute#ZONE} or the original direction's; else 0. */
    public int originalZone() {
        return (int) get(has(Attribute.ZONE) ? Attribute.ZONE : Attribute.ZONE_ORIGINAL);
    }

    /** The direction of the first packet. */
    public Tuple original() {
        return original;
    }

    /** The direction of the answers, translated if the flow is; null when unknown (a sync message has none). */
    public @Nullable Tuple reply() {
        return reply;
    }

    /** Original tuple of the connection that expected this one, or null. */
    public @Nullable Tuple master() {
        return master;
    }

    /** Whether the attribute is present. */
    public boolean has(Attribute attribute) {
        return (present & attribute.bit()) != 0;
    }

    /** The attribute's value, 0 when absent. */
    public long get(Attribute attribute) {
        return values[attribute.ordinal()];
    }

    /** IPS_* bits, 0 when absent. */
    public int status() {
        return (int) get(Attribute.STATUS);
    }

    /** Seconds until the entry expires, unsigned; 0 when absent. */
    public long timeoutSeconds() {
        return get(Attribute.TIMEOUT);
    }

    /** Firewall mark, 0 when absent. */
    public int mark() {
        return (int) get(Attribute.MARK);
    }

    /** Conntrack zone, 0 when absent. */
    public int zone() {
        return (int) get(Attribute.ZONE);
    }

    /** {@link TcpState}, 0 when absent. */
    public int tcpState() {
        return (int) get(Attribute.TCP_STATE);
    }

    /** What the source is translated to, as a sync message states it; null when it says nothing. */
    public @Nullable NatTarget sourceNat() {
        return sourceNat;
    }

    /** What the destination is translated to, as a sync message states it; null when it says nothing. */
    public @Nullable NatTarget destinationNat() {
        return destinationNat;
    }

    /** Sequence adjustment of the original direction. */
    public @Nullable SequenceAdjustment originalAdjustment() {
        return originalAdjustment;
    }

    /** Sequence adjustment of the reply direction. */
    public @Nullable SequenceAdjustment replyAdjustment() {
        return replyAdjustment;
    }

    /** SYN proxy data. */
    public @Nullable SynProxy synProxy() {
        return synProxy;
    }

    /** Counters of the original direction (needs nf_conntrack_acct). */
    public @Nullable Counters originalCounters() {
        return originalCounters;
    }

    /** Counters of the reply direction. */
    public @Nullable Counters replyCounters() {
        return replyCounters;
    }

    /** Name of the conntrack helper, such as {@code ftp}. */
    public @Nullable String helper() {
        return helper;
    }

    /** Security context of the packet that made the flow. */
    public @Nullable String securityContext() {
        return securityContext;
    }

    /** Label bits, 32 to a word: label {@code n} is bit {@code n & 31} of word {@code n >> 5}; a copy, or null. */
    public int @Nullable [] labels() {
        return labels == null ? null : labels.clone();
    }

    /** Number of words of labels, 0 when there are none. */
    public int labelWords() {
        return labels == null ? 0 : labels.length;
    }

    /** Word {@code index} of the labels. */
    public int labelWord(int index) {
        if (labels == null) {
            throw new IndexOutOfBoundsException("the flow has no labels");
        }
        return labels[index];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Flow that
                && present == that.present
                && original.equals(that.original)
                && Arrays.equals(values, that.values)
                && Arrays.equals(labels, that.labels)
                && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return Objects.hash(original, present, Arrays.hashCode(values));
    }

    /** The flow in the form of a line of {@code conntrack -L}. */
    @Override
    public String toString() {
        return FlowLine.format(this);
    }

    private java.util.List<@Nullable Object> parts() {
        return Arrays.asList(
                reply,
                master,
                sourceNat,
                destinationNat,
                originalAdjustment,
                replyAdjustment,
                synProxy,
                originalCounters,
                replyCounters,
                helper,
                securityContext);
    }
}
