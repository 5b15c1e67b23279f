// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Family;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one message after struct nfgenmsg, and what messages about flows and about expectations have alike:
 * tuples that are all of one family, and attributes without a name here. Reused for all messages.
 */
final class MessageAttributes {
    private final AttributeCursor at = new AttributeCursor();
    private final TupleDecoder tuple = new TupleDecoder();
    private @Nullable Family family;
    private long unknown;

    /**
     * Reads the attribute that the walk stands on.
     *
     * @param <B> what collects the message
     */
    @FunctionalInterface
    interface Reader<B> {
        @Nullable
        MalformedReason read(B out);
    }

    /** Where the walk stands. */
    AttributeCursor cursor() {
        return at;
    }

    /** Walks from {@code from} to {@code to}; null if the chain is whole and every attribute was accepted. */
    <B> @Nullable MalformedReason walk(ByteBuf in, int from, int to, Reader<B> reader, B out) {
        family = null;
        at.over(in, from, to);
        while (at.next()) {
            MalformedReason wrong = reader.read(out);
            if (wrong != null) {
                return wrong;
            }
        }
        return at.broken();
    }

    /** Reads the tuple that the walk stands on; null means that {@link #tuple} has it. */
    @Nullable
    MalformedReason readTuple() {
        MalformedReason wrong = tuple.decode(at);
        if (wrong != null) {
            return wrong;
        }
        if (family != null && family != tuple.family()) {
            return MalformedReason.MIXED_FAMILIES;
        }
        family = tuple.family();
        return null;
    }

    /** The tuple just read. */
    TupleDecoder tuple() {
        return tuple;
    }

    /** One more attribute without a name here, skipped: a newer kernel's messages still decode. */
    @Nullable
    MalformedReason skipUnknown() {
        countUnknown();
        return null;
    }

    /** The same for an attribute within one of the message's. */
    void countUnknown() {
        unknown++;
    }

    /** Attributes and nested attributes without a name here, since the start. */
    long unknownCount() {
        return unknown + tuple.unknownCount();
    }
}
