// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.SequenceAdjustment;
import io.keepstate.flow.SynProxy;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads the payload of a flow message. Total: whatever the octets, the result is a flow or a reason, and reasons are
 * counted. Attributes may come in any order and more than once (the last one wins); up to four octets after the last
 * attribute are ignored, as conntrackd does. Stricter than conntrackd in one thing: a message that does not say which
 * flow it means is refused.
 *
 * <p>Not thread-safe: it has a scratchpad.
 */
public final class FlowDecoder {
    /** RFC 7323 section 2.3. */
    private static final int MAX_WINDOW_SCALE = 14;

    private final WireProfile profile;
    private final DecodedIdentity identity;
    private final AttributeWalk.Visitor visitor = this::attribute;
    private final Refusals refusals = new Refusals();
    private FlowBuilder into = new FlowBuilder();

    /** A decoder for messages of this profile. */
    public FlowDecoder(WireProfile profile) {
        this.profile = profile;
        this.identity = new DecodedIdentity(profile);
    }

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
     * @param into emptied first; holds the flow when null is returned, and something of no use otherwise
     * @return null, or why the message is refused
     */
    public @Nullable MalformedPayload decode(ByteBuf payload, FlowBuilder into) {
        this.into = into.reset();
        identity.reset();
        MalformedPayload reason =
                AttributeWalk.walk(payload, profile.highestAttribute(), WireAttribute.DATA_LENGTH, visitor);
        return refusals.count(reason != null ? reason : identity.finish(into));
    }

    private @Nullable MalformedPayload attribute(ByteBuf in, int attribute, int at, int length) {
        switch (attribute) {
            case WireAttribute.STATUS -> number(in, at, Attribute.STATUS);
            case WireAttribute.TIMEOUT -> number(in, at, Attribute.TIMEOUT);
            case WireAttribute.MARK -> number(in, at, Attribute.MARK);
            case WireAttribute.SCTP_VTAG_ORIG -> number(in, at, Attribute.SCTP_VTAG_ORIGINAL);
            case WireAttribute.SCTP_VTAG_REPL -> number(in, at, Attribute.SCTP_VTAG_REPLY);
            case WireAttribute.ZONE -> into.zone(in.getUnsignedShort(at));
            case WireAttribute.TCP_WSCALE_ORIG -> {
                return state(in, at, Attribute.TCP_WSCALE_ORIGINAL, MAX_WINDOW_SCALE);
            }
            case WireAttribute.TCP_WSCALE_REPL -> {
                return state(in, at, Attribute.TCP_WSCALE_REPLY, MAX_WINDOW_SCALE);
            }
            case WireAttribute.TCP_STATE -> {
                return state(in, at, Attribute.TCP_STATE, 9);
            }
            case WireAttribute.SCTP_STATE -> {
                return state(in, at, Attribute.SCTP_STATE, 9);
            }
            case WireAttribute.DCCP_STATE -> {
                return state(in, at, Attribute.DCCP_STATE, 9);
            }
            case WireAttribute.DCCP_ROLE -> {
                return state(in, at, Attribute.DCCP_ROLE, 1);
            }
            case WireAttribute.NAT_SEQ_ADJ ->
                into.originalAdjustment(adjustment(in, at)).replyAdjustment(adjustment(in, at + 12));
            case WireAttribute.SYNPROXY ->
                into.synProxy(new SynProxy(in.getInt(at + 4), in.getInt(at), in.getInt(at + 8)));
            case WireAttribute.HELPER_NAME -> {
                return helper(in, at, length);
            }
            case WireAttribute.LABELS -> labels(in, at, length);
            default -> identity.attribute(in, attribute, at);
        }
        return null;
    }

    private void number(ByteBuf in, int at, Attribute attribute) {
        into.set(attribute, in.getUnsignedInt(at));
    }

    private @Nullable MalformedPayload state(ByteBuf in, int at, Attribute attribute, int highest) {
        int value = in.getUnsignedByte(at);
        if (value > highest) {
            return MalformedPayload.BAD_STATE;
        }
        into.set(attribute, value);
        return null;
    }

    private static SequenceAdjustment adjustment(ByteBuf in, int at) {
        return new SequenceAdjustment(in.getInt(at), in.getInt(at + 4), in.getInt(at + 8));
    }

    private @Nullable MalformedPayload helper(ByteBuf in, int at, int length) {
        String name = AttributeWalk.name(in, at, length);
        if (name == null) {
            return MalformedPayload.BAD_HELPER_NAME;
        }
        into.helper(name.isEmpty() ? null : name);
        return null;
    }

    private void labels(ByteBuf in, int at, int length) {
        if (length == 0 || (length & 3) != 0) {
            return; // conntrackd ignores these without a word, so a peer may rely on it
        }
        int[] words = new int[length / 4];
        for (int i = 0; i < words.length; i++) {
            words[i] = in.getInt(at + 4 * i);
        }
        into.labels(words);
    }
}
