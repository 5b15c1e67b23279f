// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationBuilder;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Decodes the attributes of one expectation message into a builder (enum ctattr_expect). */
final class ExpectationDecoder {
    private final MessageAttributes message = new MessageAttributes();
    private final MessageAttributes.Reader<ExpectationBuilder> reader = this::attribute;
    private final AttributeCursor top = message.cursor();
    private final AttributeCursor nest = new AttributeCursor();

    /** Reads attributes {@code from} to {@code to}; null means that the builder is complete. */
    @Nullable
    MalformedReason decode(ByteBuf in, int from, int to, ExpectationBuilder out) {
        out.reset();
        MalformedReason wrong = message.walk(in, from, to, reader, out);
        if (wrong != null) {
            return wrong;
        }
        return out.isComplete() ? null : MalformedReason.INCOMPLETE_EXPECTATION;
    }

    /** Attributes and nested attributes this decoder has no name for, skipped. */
    long unknownCount() {
        return message.unknownCount();
    }

    private @Nullable MalformedReason attribute(ExpectationBuilder out) {
        return switch (top.type()) {
            case Cta.EXPECT_TUPLE, Cta.EXPECT_MASK, Cta.EXPECT_MASTER -> tuple(out);
            case Cta.EXPECT_TIMEOUT -> number(out, ExpectationAttribute.TIMEOUT);
            case Cta.EXPECT_ID -> number(out, ExpectationAttribute.ID);
            case Cta.EXPECT_FLAGS -> number(out, ExpectationAttribute.FLAGS);
            case Cta.EXPECT_CLASS -> number(out, ExpectationAttribute.CLASS);
            case Cta.EXPECT_ZONE -> zone(out);
            case Cta.EXPECT_NAT -> nat(out);
            case Cta.EXPECT_HELP_NAME -> {
                out.helper(top.text());
                yield null;
            }
            case Cta.EXPECT_FN -> {
                out.function(top.text());
                yield null;
            }
            default -> message.skipUnknown();
        };
    }

    private @Nullable MalformedReason tuple(ExpectationBuilder out) {
        MalformedReason wrong = message.readTuple();
        if (wrong != null) {
            return wrong;
        }
        TupleDecoder tuple = message.tuple();
        switch (top.type()) {
            case Cta.EXPECT_TUPLE -> out.expected(tuple.tuple());
            case Cta.EXPECT_MASK -> out.mask(tuple.tuple());
            default -> out.master(tuple.tuple());
        }
        return null;
    }

    private @Nullable MalformedReason number(ExpectationBuilder out, ExpectationAttribute attribute) {
        MalformedReason wrong = top.wrongSize(4);
        if (wrong == null) {
            out.set(attribute, top.u32());
        }
        return wrong;
    }

    private @Nullable MalformedReason zone(ExpectationBuilder out) {
        MalformedReason wrong = top.wrongSize(2);
        if (wrong == null) {
            out.zone(top.u16());
        }
        return wrong;
    }

    private @Nullable MalformedReason nat(ExpectationBuilder out) {
        Tuple saved = null;
        long direction = 0;
        nest.inside(top);
        while (nest.next()) {
            switch (nest.type()) {
                case Cta.EXPECT_NAT_DIR -> {
                    if (nest.length() != 4) {
                        return MalformedReason.WRONG_VALUE_SIZE;
                    }
                    direction = nest.u32();
                }
                case Cta.EXPECT_NAT_TUPLE -> {
                    TupleDecoder tuple = message.tuple();
                    MalformedReason wrong = tuple.decode(nest);
                    if (wrong != null) {
                        return wrong;
                    }
                    saved = tuple.tuple();
                }
                default -> message.countUnknown();
            }
        }
        MalformedReason broken = nest.broken();
        if (broken != null) {
            return broken;
        }
        if (saved == null || direction > 1) {
            return MalformedReason.WRONG_EXPECTATION_NAT;
        }
        out.nat(new ExpectationNat(saved, (int) direction));
        return null;
    }
}
