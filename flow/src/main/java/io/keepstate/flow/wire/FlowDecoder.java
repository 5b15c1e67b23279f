// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import static io.keepstate.flow.wire.WireAttribute.HEAD_LENGTH;

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
    private final WireProfile profile;
    private final DecodedIdentity identity;
    private final long[] refused = new long[MalformedPayload.count()];

    /** A decoder for messages of this profile. */
    public FlowDecoder(WireProfile profile) {
        this.profile = profile;
        this.identity = new DecodedIdentity(profile);
    }

    /** How many messages were refused for this reason. */
    public long refused(MalformedPayload reason) {
        return refused[reason.ordinal()];
    }

    /** How many messages were refused. */
    public long refused() {
        long sum = 0;
        for (long count : refused) {
            sum += count;
        }
        return sum;
    }

    /**
     * Reads one payload.
     *
     * @param payload the attributes, from reader to writer index; the indices are left as they are
     * @param into emptied first; holds the flow when null is returned, and something of no use otherwise
     * @return null, or why the message is refused
     */
    public @Nullable MalformedPayload decode(ByteBuf payload, FlowBuilder into) {
        into.reset();
        identity.reset();
        MalformedPayload reason = attributes(payload, into);
        if (reason == null) {
            reason = identity.finish(into);
        }
        if (reason != null) {
            refused[reason.ordinal()]++;
        }
        return reason;
    }

    private @Nullable MalformedPayload attributes(ByteBuf payload, FlowBuilder into) {
        int end = payload.writerIndex();
        // More than a head: a bare head at the very end, or up to four octets of anything, is ignored.
        for (int at = payload.readerIndex(); end - at > HEAD_LENGTH; ) {
            int length = payload.getUnsignedShort(at);
            int attribute = payload.getUnsignedShort(at + 2);
            int dataLength = length - HEAD_LENGTH;
            if (length > end - at) {
                return MalformedPayload.TRUNCATED_ATTRIBUTE;
            }
            if (dataLength < 0) {
                return MalformedPayload.SHORT_ATTRIBUTE;
            }
            if (attribute > profile.highestAttribute()) {
                return MalformedPayload.UNKNOWN_ATTRIBUTE;
            }
            if (WireAttribute.isWrongSize(attribute, dataLength)) {
                return MalformedPayload.WRONG_SIZE;
            }
            if (WireAttribute.isTooLong(attribute, dataLength)) {
                return MalformedPayload.TOO_LONG;
            }
            MalformedPayload reason = attribute(payload, attribute, at + HEAD_LENGTH, dataLength, into);
            if (reason != null) {
                return reason;
            }
            at += (length + 3) & ~3;
        }
        return null;
    }

    private @Nullable MalformedPayload attribute(ByteBuf in, int attribute, int at, int length, FlowBuilder into) {
        switch (attribute) {
            case WireAttribute.STATUS -> number(in, at, into, Attribute.STATUS);
            case WireAttribute.TIMEOUT -> number(in, at, into, Attribute.TIMEOUT);
            case WireAttribute.MARK -> number(in, at, into, Attribute.MARK);
            case WireAttribute.SCTP_VTAG_ORIG -> number(in, at, into, Attribute.SCTP_VTAG_ORIGINAL);
            case WireAttribute.SCTP_VTAG_REPL -> number(in, at, into, Attribute.SCTP_VTAG_REPLY);
            case WireAttribute.ZONE -> into.zone(in.getUnsignedShort(at));
            case WireAttribute.TCP_WSCALE_ORIG -> into.set(Attribute.TCP_WSCALE_ORIGINAL, in.getUnsignedByte(at));
            case WireAttribute.TCP_WSCALE_REPL -> into.set(Attribute.TCP_WSCALE_REPLY, in.getUnsignedByte(at));
            case WireAttribute.TCP_STATE -> {
                return state(in, at, into, Attribute.TCP_STATE, 9);
            }
            case WireAttribute.SCTP_STATE -> {
                return state(in, at, into, Attribute.SCTP_STATE, 9);
            }
            case WireAttribute.DCCP_STATE -> {
                return state(in, at, into, Attribute.DCCP_STATE, 9);
            }
            case WireAttribute.DCCP_ROLE -> {
                return state(in, at, into, Attribute.DCCP_ROLE, 1);
            }
            case WireAttribute.NAT_SEQ_ADJ ->
                into.originalAdjustment(adjustment(in, at)).replyAdjustment(adjustment(in, at + 12));
            case WireAttribute.SYNPROXY ->
                into.synProxy(new SynProxy(in.getInt(at + 4), in.getInt(at), in.getInt(at + 8)));
            case WireAttribute.HELPER_NAME -> {
                return helper(in, at, length, into);
            }
            case WireAttribute.LABELS -> labels(in, at, length, into);
            default -> identity.attribute(in, attribute, at);
        }
        return null;
    }

    private static void number(ByteBuf in, int at, FlowBuilder into, Attribute attribute) {
        into.set(attribute, in.getUnsignedInt(at));
    }

    private static @Nullable MalformedPayload state(
            ByteBuf in, int at, FlowBuilder into, Attribute attribute, int highest) {
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

    private static @Nullable MalformedPayload helper(ByteBuf in, int at, int length, FlowBuilder into) {
        StringBuilder name = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            int octet = in.getUnsignedByte(at + i);
            if (octet == 0) {
                break;
            }
            // The name goes to the kernel, into logs and into dumps: no control characters on any of those ways.
            if (octet <= ' ' || octet > '~') {
                return MalformedPayload.BAD_HELPER_NAME;
            }
            name.append((char) octet);
        }
        into.helper(name.isEmpty() ? null : name.toString());
        return null;
    }

    private static void labels(ByteBuf in, int at, int length, FlowBuilder into) {
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
