// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationBuilder;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Family;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Decodes the attributes of one expectation message into a builder (enum ctattr_expect). */
final class ExpectationDecoder {
    private final AttributeCursor top = new AttributeCursor();
    private final AttributeCursor nest = new AttributeCursor();
    private final TupleDecoder tuple = new TupleDecoder();
    private @Nullable Family family;
    private long unknown;

    /** Reads attributes {@code from} to {@code to}; null means that the builder is complete. */
    @Nullable
    MalformedReason decode(ByteBuf in, int from, int to, ExpectationBuilder out) {
        out.reset();
        family = null;
        top.over(in, from, to);
        while (top.next()) {
            MalformedReason wrong = attribute(out);
            if (wrong != null) {
                return wrong;
            }
        }
        MalformedReason broken = top.broken();
        if (broken != null) {
            return broken;
        }
        return out.isComplete() ? null : MalformedReason.INCOMPLETE_EXPECTATION;
    }

    /** Attributes and nested attributes this decoder has no name for, skipped. */
    long unknownCount() {
        return unknown + tuple.unknownCount();
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
            default -> {
                unknown++;
                yield null;
            }
        };
    }

    private @Nullable MalformedReason tuple(ExpectationBuilder out) {
        MalformedReason wrong = tuple.decode(top);
        if (wrong != null) {
            return wrong;
        }
        if (family != null && family != tuple.family()) {
            return MalformedReason.MIXED_FAMILIES;
        }
        family = tuple.family();
        switch (top.type()) {
            case Cta.EXPECT_TUPLE -> out.expected(tuple.tuple());
            case Cta.EXPECT_MASK -> out.mask(tuple.tuple());
            default -> out.master(tuple.tuple());
        }
        return null;
    }

    private @Nullable MalformedReason number(ExpectationBuilder out, ExpectationAttribute attribute) {
        if (top.length() != 4) {
            return MalformedReason.WRONG_VALUE_SIZE;
        }
        out.set(attribute, top.u32());
        return null;
    }

    private @Nullable MalformedReason zone(ExpectationBuilder out) {
        if (top.length() != 2) {
            return MalformedReason.WRONG_VALUE_SIZE;
        }
        out.zone(top.u16());
        return null;
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
                    MalformedReason wrong = tuple.decode(nest);
                    if (wrong != null) {
                        return wrong;
                    }
                    saved = tuple.tuple();
                }
                default -> unknown++;
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
