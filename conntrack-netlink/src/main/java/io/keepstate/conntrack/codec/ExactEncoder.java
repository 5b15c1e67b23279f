// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Flow;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages that say exactly what a flow has, attribute by attribute: what an operator asked for, or what a
 * kernel would tell. {@link ConntrackEncoder} on the other hand writes what restores a flow of another machine.
 *
 * <p>Each method appends one message. Pure and stateless.
 */
public final class ExactEncoder {
    private ExactEncoder() {}

    /**
     * Creates a flow; the kernel wants a reply tuple and a timeout (EINVAL). Nothing is left out, added or computed: a
     * translated reply tuple beside NAT targets makes an entry that does not translate.
     */
    public static void create(ByteBuf out, int sequence, boolean ack, Flow flow) {
        request(out, Nlmsg.F_CREATE | Nlmsg.F_EXCL | ConntrackEncoder.ack(ack), sequence, flow, null);
    }

    /**
     * Changes a flow, found by its original tuple and zone; ENOENT if there is none.
     *
     * @param labelMask which bits of the flow's labels are meant, as many words as there are labels; null for all
     */
    public static void update(ByteBuf out, int sequence, boolean ack, Flow flow, int @Nullable [] labelMask) {
        request(out, ConntrackEncoder.ack(ack), sequence, flow, labelMask);
    }

    private static void request(ByteBuf out, int flags, int sequence, Flow flow, int @Nullable [] labelMask) {
        AttributeWriter message = ConntrackEncoder.begin(
                out, Nlmsg.CT_NEW, flags, sequence, flow.original().family());
        ExactFlow.write(message, flow);
        if (labelMask != null) {
            message.hostWords(Cta.LABELS_MASK, labelMask, labelMask.length);
        }
        message.end();
    }

    /**
     * What a kernel tells of a flow, with everything the flow has: for simulations and tests.
     *
     * @param kind one of those that carry a flow; UPDATE is also the answer to a get or a dump
     * @param portId the socket that caused it, 0 for packets and timers
     */
    public static void event(ByteBuf out, MessageKind kind, long portId, Flow flow) {
        if (!kind.hasFlow()) {
            throw new IllegalArgumentException("a message of kind " + kind + " carries no flow");
        }
        AttributeWriter message = new AttributeWriter(
                        out,
                        kind == MessageKind.DESTROY ? Nlmsg.CT_DELETE : Nlmsg.CT_NEW,
                        kind == MessageKind.NEW ? Nlmsg.F_CREATE | Nlmsg.F_EXCL : 0,
                        0,
                        flow.original().family().number(),
                        0)
                .portId(portId);
        ExactFlow.write(message, flow);
        message.end();
    }
}
