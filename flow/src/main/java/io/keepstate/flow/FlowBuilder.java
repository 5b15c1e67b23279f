// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the parts of a {@link Flow}. Not thread-safe; may be reused, since {@link #build} copies. */
public final class FlowBuilder {
    @Nullable
    Tuple original;

    @Nullable
    Tuple reply;

    @Nullable
    Tuple master;

    long present;
    final long[] values = new long[Attribute.count()];

    @Nullable
    NatTarget sourceNat;

    @Nullable
    NatTarget destinationNat;

    @Nullable
    SequenceAdjustment originalAdjustment;

    @Nullable
    SequenceAdjustment replyAdjustment;

    @Nullable
    SynProxy synProxy;

    @Nullable
    Counters originalCounters;

    @Nullable
    Counters replyCounters;

    @Nullable
    String helper;

    @Nullable
    String securityContext;

    int @Nullable [] labels;

    /** An empty builder: {@link #original(Tuple)} is still needed. */
    public FlowBuilder() {}

    /** Forgets everything, so that the builder can collect another flow. */
    public FlowBuilder reset() {
        original = null;
        reply = null;
        master = null;
        present = 0;
        Arrays.fill(values, 0);
        sourceNat = null;
        destinationNat = null;
        originalAdjustment = null;
        replyAdjustment = null;
        synProxy = null;
        originalCounters = null;
        replyCounters = null;
        helper = null;
        securityContext = null;
        labels = null;
        return this;
    }

    /**
     * Lays a newer description of the same flow over what is here: what the newer one says wins, what it leaves out
     * is kept. The original tuple is the flow's identity and stays.
     */
    public FlowBuilder update(Flow newer) {
        newer.overlay(this);
        return this;
    }

    /** Whether an original tuple was set. */
    public boolean isComplete() {
        return original != null;
    }

    /** The tuple of the first packet's direction; required. */
    public FlowBuilder original(Tuple tuple) {
        original = tuple;
        return this;
    }

    /** The tuple of the answers. */
    public FlowBuilder reply(@Nullable Tuple tuple) {
        reply = tuple;
        return this;
    }

    /** The original tuple of the connection that expected this one. */
    public FlowBuilder master(@Nullable Tuple tuple) {
        master = tuple;
        return this;
    }

    /** Sets a numeric attribute; its range is the attribute's. */
    public FlowBuilder set(Attribute attribute, long value) {
        values[attribute.ordinal()] = value;
        present |= attribute.bit();
        return this;
    }

    /** Whether the attribute was set. */
    public boolean has(Attribute attribute) {
        return (present & attribute.bit()) != 0;
    }

    /** The attribute's value so far, 0 when absent. */
    public long get(Attribute attribute) {
        return values[attribute.ordinal()];
    }

    /** Takes a numeric attribute away. */
    public FlowBuilder clear(Attribute attribute) {
        values[attribute.ordinal()] = 0;
        present &= ~attribute.bit();
        return this;
    }

    /** IPS_* bits, {@link Status}. */
    public FlowBuilder status(int bits) {
        return set(Attribute.STATUS, bits & 0xffff_ffffL);
    }

    /** Seconds until the entry expires. */
    public FlowBuilder timeoutSeconds(long seconds) {
        return set(Attribute.TIMEOUT, seconds);
    }

    /** Firewall mark. */
    public FlowBuilder mark(int mark) {
        return set(Attribute.MARK, mark & 0xffff_ffffL);
    }

    /** Zone of both directions, 0..65535. */
    public FlowBuilder zone(int zone) {
        return set(Attribute.ZONE, zone);
    }

    /** {@link TcpState}. */
    public FlowBuilder tcpState(int state) {
        return set(Attribute.TCP_STATE, state);
    }

    /** What the source is translated to. */
    public FlowBuilder sourceNat(@Nullable NatTarget target) {
        sourceNat = target;
        return this;
    }

    /** What the destination is translated to. */
    public FlowBuilder destinationNat(@Nullable NatTarget target) {
        destinationNat = target;
        return this;
    }

    /** Sequence adjustment of the original direction. */
    public FlowBuilder originalAdjustment(@Nullable SequenceAdjustment adjustment) {
        originalAdjustment = adjustment;
        return this;
    }

    /** Sequence adjustment of the reply direction. */
    public FlowBuilder replyAdjustment(@Nullable SequenceAdjustment adjustment) {
        replyAdjustment = adjustment;
        return this;
    }

    /** SYN proxy data. */
    public FlowBuilder synProxy(@Nullable SynProxy data) {
        synProxy = data;
        return this;
    }

    /** Counters of the original direction. */
    public FlowBuilder originalCounters(@Nullable Counters counters) {
        originalCounters = counters;
        return this;
    }

    /** Counters of the reply direction. */
    public FlowBuilder replyCounters(@Nullable Counters counters) {
        replyCounters = counters;
        return this;
    }

    /** Name of the conntrack helper. */
    public FlowBuilder helper(@Nullable String name) {
        helper = name;
        return this;
    }

    /** Security context. */
    public FlowBuilder securityContext(@Nullable String context) {
        securityContext = context;
        return this;
    }

    /** Label bits, 32 to a word; copied. */
    public FlowBuilder labels(int @Nullable [] words) {
        labels = words == null ? null : words.clone();
        return this;
    }

    /**
     * The flow.
     *
     * @throws NullPointerException without an original tuple
     */
    public Flow build() {
        return new Flow(this);
    }
}
