// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Counters;
import io.keepstate.flow.Family;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.SequenceAdjustment;
import io.keepstate.flow.SynProxy;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Decodes the attributes of one flow message into a builder (enum ctattr_type). */
final class FlowDecoder {
    private final MessageAttributes message = new MessageAttributes();
    private final MessageAttributes.Reader<FlowBuilder> reader = this::attribute;
    private final AttributeCursor top = message.cursor();
    private final AttributeCursor nest = new AttributeCursor();
    private final AttributeCursor inner = new AttributeCursor();
    private final ProtocolStateDecoder protocolState = new ProtocolStateDecoder();

    // Values of the nest being read
    private long first;
    private long second;
    private long third;

    /** Reads attributes {@code from} to {@code to}; null means that the builder is complete. */
    @Nullable
    MalformedReason decode(ByteBuf in, int from, int to, FlowBuilder out) {
        out.reset();
        MalformedReason wrong = message.walk(in, from, to, reader, out);
        if (wrong != null) {
            return wrong;
        }
        return out.isComplete() ? null : MalformedReason.NO_ORIGINAL_TUPLE;
    }

    /** Attributes and nested attributes this decoder has no name for, skipped. */
    long unknownCount() {
        return message.unknownCount() + protocolState.unknownCount();
    }

    private @Nullable MalformedReason attribute(FlowBuilder out) {
        return switch (top.type()) {
            case Cta.TUPLE_ORIG, Cta.TUPLE_REPLY, Cta.TUPLE_MASTER -> tuple(out);
            case Cta.STATUS -> number(out, Attribute.STATUS);
            case Cta.TIMEOUT -> number(out, Attribute.TIMEOUT);
            case Cta.MARK -> number(out, Attribute.MARK);
            case Cta.USE -> number(out, Attribute.USE);
            case Cta.ID -> number(out, Attribute.ID);
            case Cta.ZONE -> zone(out);
            case Cta.PROTOINFO -> protocolState.decode(top, out);
            case Cta.NAT_SRC, Cta.NAT_DST -> nat(out);
            case Cta.COUNTERS_ORIG, Cta.COUNTERS_REPLY -> counters(out);
            case Cta.TIMESTAMP -> timestamp(out);
            case Cta.SEQ_ADJ_ORIG, Cta.SEQ_ADJ_REPLY -> sequenceAdjustment(out);
            case Cta.SYNPROXY -> synProxy(out);
            case Cta.HELP, Cta.SECCTX -> name(out);
            case Cta.LABELS -> labels(out);
            case Cta.TIMESTAMP_EVENT -> eventTime(out);
            // Parts of requests that say nothing about a flow, and one no kernel sends any more.
            case Cta.MARK_MASK, Cta.STATUS_MASK, Cta.LABELS_MASK, Cta.FILTER, Cta.SECMARK -> null;
            default -> message.skipUnknown();
        };
    }

    private @Nullable MalformedReason number(FlowBuilder out, Attribute attribute) {
        MalformedReason wrong = top.wrongSize(4);
        if (wrong == null) {
            out.set(attribute, top.u32());
        }
        return wrong;
    }

    private @Nullable MalformedReason eventTime(FlowBuilder out) {
        MalformedReason wrong = top.wrongSize(8);
        if (wrong == null) {
            out.set(Attribute.TIMESTAMP_EVENT, top.u64());
        }
        return wrong;
    }

    private @Nullable MalformedReason zone(FlowBuilder out) {
        MalformedReason wrong = top.wrongSize(2);
        if (wrong == null) {
            out.zone(top.u16());
        }
        return wrong;
    }

    private @Nullable MalformedReason tuple(FlowBuilder out) {
        MalformedReason wrong = message.readTuple();
        if (wrong != null) {
            return wrong;
        }
        TupleDecoder tuple = message.tuple();
        int zone = tuple.zoneOrMinusOne();
        switch (top.type()) {
            case Cta.TUPLE_ORIG -> {
                out.original(tuple.tuple());
                setZone(out, Attribute.ZONE_ORIGINAL, zone);
            }
            case Cta.TUPLE_REPLY -> {
                out.reply(tuple.tuple());
                setZone(out, Attribute.ZONE_REPLY, zone);
            }
            default -> out.master(tuple.tuple());
        }
        return null;
    }

    private static void setZone(FlowBuilder out, Attribute attribute, int zone) {
        if (zone >= 0) {
            out.set(attribute, zone);
        }
    }

    /** Reads a nest of up to three numbers, attributes 1 to {@code count}, each of {@code size} octets. */
    private @Nullable MalformedReason numbers(int count, int size) {
        first = 0;
        second = 0;
        third = 0;
        nest.inside(top);
        while (nest.next()) {
            int type = nest.type();
            if (type < 1 || type > count) {
                message.countUnknown();
                continue;
            }
            if (nest.length() != size) {
                return MalformedReason.WRONG_VALUE_SIZE;
            }
            long value = size == 8 ? nest.u64() : nest.u32();
            switch (type) {
                case 1 -> first = value;
                case 2 -> second = value;
                default -> third = value;
            }
        }
        return nest.broken();
    }

    /** CTA_COUNTERS_PACKETS 1, CTA_COUNTERS_BYTES 2. */
    private @Nullable MalformedReason counters(FlowBuilder out) {
        MalformedReason wrong = numbers(Cta.COUNTERS_BYTES, 8);
        if (wrong == null) {
            Counters counters = new Counters(first, second);
            if (top.type() == Cta.COUNTERS_ORIG) {
                out.originalCounters(counters);
            } else {
                out.replyCounters(counters);
            }
        }
        return wrong;
    }

    /** CTA_TIMESTAMP_START 1, CTA_TIMESTAMP_STOP 2. */
    private @Nullable MalformedReason timestamp(FlowBuilder out) {
        MalformedReason wrong = numbers(Cta.TIMESTAMP_STOP, 8);
        if (wrong == null) {
            out.set(Attribute.TIMESTAMP_START, first);
            if (second != 0) {
                out.set(Attribute.TIMESTAMP_STOP, second);
            }
        }
        return wrong;
    }

    /** CTA_SEQADJ_CORRECTION_POS 1, OFFSET_BEFORE 2, OFFSET_AFTER 3. */
    private @Nullable MalformedReason sequenceAdjustment(FlowBuilder out) {
        MalformedReason wrong = numbers(Cta.SEQADJ_OFFSET_AFTER, 4);
        if (wrong == null) {
            SequenceAdjustment adjustment = new SequenceAdjustment((int) first, (int) second, (int) third);
            if (top.type() == Cta.SEQ_ADJ_ORIG) {
                out.originalAdjustment(adjustment);
            } else {
                out.replyAdjustment(adjustment);
            }
        }
        return wrong;
    }

    /** CTA_SYNPROXY_ISN 1, ITS 2, TSOFF 3. */
    private @Nullable MalformedReason synProxy(FlowBuilder out) {
        MalformedReason wrong = numbers(Cta.SYNPROXY_TSOFF, 4);
        if (wrong == null) {
            out.synProxy(new SynProxy((int) first, (int) second, (int) third));
        }
        return wrong;
    }

    /** CTA_HELP_NAME and CTA_SECCTX_NAME are both attribute 1. */
    private @Nullable MalformedReason name(FlowBuilder out) {
        nest.inside(top);
        while (nest.next()) {
            if (nest.type() != Cta.HELP_NAME) {
                message.countUnknown();
            } else if (top.type() == Cta.HELP) {
                out.helper(nest.text());
            } else {
                out.securityContext(nest.text());
            }
        }
        return nest.broken();
    }

    private @Nullable MalformedReason labels(FlowBuilder out) {
        int octets = top.length();
        if (octets % 4 != 0 || octets > Cta.MAX_LABEL_OCTETS) {
            return MalformedReason.WRONG_VALUE_SIZE;
        }
        int[] words = new int[octets / 4];
        for (int i = 0; i < words.length; i++) {
            words[i] = top.hostWord(i);
        }
        out.labels(words);
        return null;
    }

    /** Only requests carry NAT attributes; the kernel sends translated reply tuples instead. */
    private @Nullable MalformedReason nat(FlowBuilder out) {
        IpAddress address = null;
        int port = 0;
        nest.inside(top);
        while (nest.next()) {
            switch (nest.type()) {
                case Cta.NAT_V4_MINIP -> {
                    if (nest.length() != 4) {
                        return MalformedReason.WRONG_VALUE_SIZE;
                    }
                    address = new IpAddress(Family.IPV4, 0, nest.u32());
                }
                case Cta.NAT_V6_MINIP -> {
                    if (nest.length() != 16) {
                        return MalformedReason.WRONG_VALUE_SIZE;
                    }
                    address = new IpAddress(Family.IPV6, nest.u64(), nest.u64(8));
                }
                case Cta.NAT_PROTO -> {
                    port = natPort();
                    if (port < 0) {
                        return inner.broken() != null ? inner.broken() : MalformedReason.WRONG_VALUE_SIZE;
                    }
                }
                case Cta.NAT_V4_MAXIP, Cta.NAT_V6_MAXIP -> {
                    // a range's end; flows have one address, its start
                }
                default -> message.countUnknown();
            }
        }
        NatTarget target = new NatTarget(address, port);
        if (top.type() == Cta.NAT_SRC) {
            out.sourceNat(target);
        } else {
            out.destinationNat(target);
        }
        return nest.broken();
    }

    /** The lowest port of CTA_NAT_PROTO, 0 without one, -1 when malformed. */
    private int natPort() {
        int port = 0;
        inner.inside(nest);
        while (inner.next()) {
            if (inner.type() > Cta.PROTONAT_PORT_MAX || inner.type() == 0) {
                message.countUnknown();
            } else if (inner.length() != 2) {
                return -1;
            } else if (inner.type() == Cta.PROTONAT_PORT_MIN) {
                port = inner.u16();
            }
        }
        return inner.broken() == null ? port : -1;
    }
}
