// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationBuilder;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Family;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads the payload of an expectation message. Total: whatever the octets, the result is an expectation or a reason,
 * and reasons are counted. Attributes may come in any order and more than once (the last one wins). Stricter than
 * conntrackd in one thing: a message that does not say what is expected, under which mask and by whom is refused.
 *
 * <p>Not thread-safe: it has a scratchpad.
 */
public final class ExpectationDecoder {
    private static final long NO_DIRECTION = -1;

    private final AttributeWalk.Visitor visitor = this::attribute;
    private final Refusals refusals = new Refusals();
    private final DecodedTuple expected = new DecodedTuple();
    private final DecodedTuple mask = new DecodedTuple();
    private final DecodedTuple master = new DecodedTuple();
    private final DecodedTuple nat = new DecodedTuple();
    private ExpectationBuilder into = new ExpectationBuilder();
    private long direction;

    /** A decoder; all releases have one form. */
    public ExpectationDecoder() {}

    /** How many messages were refused for this reason. */
    public long refused(MalformedPayload reason) {
        return refusals.of(reason);
    }

    /** How many messages were refused. */
    public long refused() {
        return refusals.sum();
    }

    /**
     * Reads one payload.
     *
     * @param payload the attributes, from reader to writer index; the indices are left as they are
     * @param into emptied first; holds the expectation when null is returned, and something of no use otherwise
     * @return null, or why the message is refused
     */
    public @Nullable MalformedPayload decode(ByteBuf payload, ExpectationBuilder into) {
        this.into = into.reset();
        expected.reset();
        mask.reset();
        master.reset();
        nat.reset();
        direction = NO_DIRECTION;
        MalformedPayload reason =
                AttributeWalk.walk(payload, WireExpectationAttribute.FN, WireExpectationAttribute.DATA_LENGTH, visitor);
        return refusals.count(reason != null ? reason : finish());
    }

    private @Nullable MalformedPayload attribute(ByteBuf in, int attribute, int at, int length) {
        switch (attribute) {
            case WireExpectationAttribute.MASTER_IPV4 -> master.ipv4(in, at);
            case WireExpectationAttribute.MASTER_IPV6 -> master.ipv6(in, at);
            case WireExpectationAttribute.MASTER_L4PROTO -> master.protocol(in, at);
            case WireExpectationAttribute.MASTER_PORT -> master.ports(in, at);
            case WireExpectationAttribute.EXPECT_IPV4 -> expected.ipv4(in, at);
            case WireExpectationAttribute.EXPECT_IPV6 -> expected.ipv6(in, at);
            case WireExpectationAttribute.EXPECT_L4PROTO -> expected.protocol(in, at);
            case WireExpectationAttribute.EXPECT_PORT -> expected.ports(in, at);
            case WireExpectationAttribute.MASK_IPV4 -> mask.ipv4(in, at);
            case WireExpectationAttribute.MASK_IPV6 -> mask.ipv6(in, at);
            case WireExpectationAttribute.MASK_L4PROTO -> mask.protocol(in, at);
            case WireExpectationAttribute.MASK_PORT -> mask.ports(in, at);
            case WireExpectationAttribute.NAT_IPV4 -> nat.ipv4(in, at);
            case WireExpectationAttribute.NAT_PORT -> nat.ports(in, at);
            case WireExpectationAttribute.NAT_L4PROTO -> nat.protocol(in, at);
            default -> {
                return rest(in, attribute, at, length);
            }
        }
        return null;
    }

    private @Nullable MalformedPayload rest(ByteBuf in, int attribute, int at, int length) {
        switch (attribute) {
            case WireExpectationAttribute.TIMEOUT -> into.set(ExpectationAttribute.TIMEOUT, in.getUnsignedInt(at));
            case WireExpectationAttribute.FLAGS -> into.set(ExpectationAttribute.FLAGS, in.getUnsignedInt(at));
            case WireExpectationAttribute.CLASS -> into.set(ExpectationAttribute.CLASS, in.getUnsignedInt(at));
            case WireExpectationAttribute.NAT_DIR -> {
                direction = in.getUnsignedInt(at);
                return direction > 1 ? MalformedPayload.BAD_STATE : null;
            }
            case WireExpectationAttribute.HELPER_NAME -> {
                String name = AttributeWalk.name(in, at, length);
                into.helper(name == null || name.isEmpty() ? null : name);
                return name == null ? MalformedPayload.BAD_HELPER_NAME : null;
            }
            case WireExpectationAttribute.FN -> {
                String name = AttributeWalk.name(in, at, length);
                into.function(name == null || name.isEmpty() ? null : name);
                return name == null ? MalformedPayload.BAD_FUNCTION_NAME : null;
            }
            default -> throw new AssertionError("attribute " + attribute + " is nobody's");
        }
        return null;
    }

    private @Nullable MalformedPayload finish() {
        Family family = expected.family();
        if (family == null) {
            return MalformedPayload.NO_ADDRESSES;
        }
        if (expected.protocol() == DecodedTuple.NONE) {
            return MalformedPayload.NO_PROTOCOL;
        }
        if (Protocol.isIcmp(expected.protocol())) {
            return MalformedPayload.NO_ICMP_IDENTITY;
        }
        if (Protocol.hasPorts(expected.protocol()) && !expected.hasPorts()) {
            return MalformedPayload.NO_PORTS;
        }
        if (isIncomplete(master) || master.lacksPorts()) {
            return MalformedPayload.INCOMPLETE_MASTER;
        }
        // A mask that lost its ports would match any.
        if (isIncomplete(mask) || (expected.hasPorts() && !mask.hasPorts())) {
            return MalformedPayload.INCOMPLETE_MASK;
        }
        boolean mixed = expected.isMixed() || master.isMixed() || mask.isMixed();
        if (mixed || family != master.family() || family != mask.family()) {
            return MalformedPayload.MIXED_FAMILIES;
        }
        into.expected(expected.tupleWithKeys(family));
        into.mask(mask.tupleOfMask(family));
        into.master(master.tuple(family));
        return finishNat(family);
    }

    private static boolean isIncomplete(DecodedTuple tuple) {
        return tuple.family() == null || tuple.protocol() == DecodedTuple.NONE;
    }

    private @Nullable MalformedPayload finishNat(Family family) {
        if (nat.isEmpty() && direction == NO_DIRECTION) {
            return null;
        }
        if (isIncomplete(nat) || direction == NO_DIRECTION) {
            return MalformedPayload.INCOMPLETE_EXPECTATION_NAT;
        }
        // The wire has IPv4 addresses only: beside an IPv6 expectation they mean nothing.
        if (family == Family.IPV4) {
            Tuple saved = nat.tupleWithKeys(family);
            into.nat(new ExpectationNat(saved, (int) direction));
        }
        return null;
    }
}
