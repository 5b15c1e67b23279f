// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;

/**
 * Writes ctnetlink requests. Each method appends one message; several in one buffer make a batch.
 *
 * <p>Every message takes the sequence number its answer will carry. Errors are always answered; success only where
 * {@code ack} asks for it. Pure and stateless. Source: net/netfilter/nf_conntrack_netlink.c.
 */
public final class ConntrackEncoder {
    /** No message is longer: IPv6 with every attribute is about 700 octets. */
    public static final int MAX_MESSAGE_OCTETS = 1024;

    /** For {@code currentStatus} of {@link #update}: not known, leave CTA_STATUS out. */
    public static final int STATUS_UNKNOWN = -1;

    private final FlowEncoder flows;

    /**
     * An encoder.
     *
     * @param windowTracking restore window scales and let the kernel check TCP windows; false makes committed
     *     connections liberal in both directions, since their windows are not known here
     */
    public ConntrackEncoder(boolean windowTracking) {
        this.flows = new FlowEncoder(windowTracking);
    }

    /**
     * Creates a flow; EEXIST if the kernel has one of its original or reply tuple. The flow may come from a sync
     * message (NAT targets) or from a dump (translated reply tuple and status bits): NAT is restored either way. Bits
     * and attributes that the kernel refuses or that would harm on another machine are left out.
     *
     * @param timeoutSeconds until the entry expires; the flow's own timeout is not used; at least 1
     */
    public void create(ByteBuf out, int sequence, boolean ack, Flow flow, long timeoutSeconds) {
        AttributeWriter message = begin(
                out,
                Nlmsg.CT_NEW,
                Nlmsg.F_CREATE | Nlmsg.F_EXCL | ack(ack),
                sequence,
                flow.original().family());
        flows.create(message, flow, timeoutSeconds);
        message.end();
    }

    /**
     * Changes an existing flow's timeout, status, mark, protocol state, labels and sequence adjustment; ENOENT if
     * there is none. NAT, helper and master cannot be changed and are left out.
     *
     * @param timeoutSeconds 0 leaves the timeout as it is
     * @param currentStatus the status the kernel's entry has now, whose bits must be kept, or {@link #STATUS_UNKNOWN}
     */
    public void update(ByteBuf out, int sequence, boolean ack, Flow flow, long timeoutSeconds, int currentStatus) {
        AttributeWriter message =
                begin(out, Nlmsg.CT_NEW, ack(ack), sequence, flow.original().family());
        flows.update(message, flow, timeoutSeconds, currentStatus);
        message.end();
    }

    /** Asks for the flow of an original tuple. The kernel looks both directions up: check what it answers. */
    public void get(ByteBuf out, int sequence, boolean ack, FlowKey key) {
        lookUp(out, sequence, ack, Cta.TUPLE_ORIG, key.original(), key.zone());
    }

    /** Asks for the flow of a reply tuple. The kernel looks both directions up: check what it answers. */
    public void getByReply(ByteBuf out, int sequence, boolean ack, Tuple reply, int zone) {
        lookUp(out, sequence, ack, Cta.TUPLE_REPLY, reply, zone);
    }

    private static void lookUp(ByteBuf out, int sequence, boolean ack, int attribute, Tuple tuple, int zone) {
        AttributeWriter message = begin(out, Nlmsg.CT_GET, ack(ack), sequence, tuple.family());
        TupleEncoder.write(message, attribute, tuple);
        zone(message, zone);
        message.end();
    }

    /**
     * Deletes a flow by its original tuple and zone; ENOENT if there is none. With the flow's {@link Attribute#ID}
     * present, only that very entry: ENOENT if the tuple belongs to a younger one.
     */
    public void delete(ByteBuf out, int sequence, boolean ack, Flow flow) {
        AttributeWriter message =
                begin(out, Nlmsg.CT_DELETE, ack(ack), sequence, flow.original().family());
        flows.key(message, flow);
        if (flow.has(Attribute.ID)) {
            message.u32(Cta.ID, flow.get(Attribute.ID));
        }
        message.end();
    }

    /** Dumps the table: answers of kind UPDATE, then DONE. A dump is no snapshot: subscribe to events first. */
    public void dump(ByteBuf out, int sequence, DumpFilter filter) {
        dump(out, sequence, DumpSource.TABLE, filter);
    }

    /** As {@link #dump(ByteBuf, int, DumpFilter)}, of another list. */
    public void dump(ByteBuf out, int sequence, DumpSource source, DumpFilter filter) {
        Family family = filter.family();
        AttributeWriter message = new AttributeWriter(
                out, source.type(), Nlmsg.F_REQUEST | Nlmsg.F_DUMP, sequence, family == null ? 0 : family.number(), 0);
        select(message, filter);
        message.end();
    }

    /** Deletes all flows that a dump with this filter would show. */
    public void flush(ByteBuf out, int sequence, DumpFilter filter) {
        Family family = filter.family();
        // nfgen_family counts in a flush only with version 1; with 0 a flush of IPv6 empties IPv4 as well.
        AttributeWriter message = new AttributeWriter(
                out,
                Nlmsg.CT_DELETE,
                Nlmsg.F_REQUEST | Nlmsg.F_ACK,
                sequence,
                family == null ? 0 : family.number(),
                family == null ? 0 : 1);
        select(message, filter);
        message.end();
    }

    private static void select(AttributeWriter message, DumpFilter filter) {
        if (filter.markMask() != 0) {
            message.u32(Cta.MARK, filter.mark());
            message.u32(Cta.MARK_MASK, filter.markMask());
        }
        if (filter.statusMask() != 0) {
            message.u32(Cta.STATUS, filter.status());
            message.u32(Cta.STATUS_MASK, filter.statusMask());
        }
        if (filter.zone() >= 0) {
            message.u16(Cta.ZONE, filter.zone());
        }
    }

    /** The status bits a create sends: what a kernel takes from another machine's flow. */
    public static int statusForCreate(int status) {
        return (status & FlowEncoder.TRANSFERABLE_STATUS) | Status.CONFIRMED;
    }

    /** The status bits an update sends: bits once set stay set. */
    public static int statusForUpdate(int status, int current) {
        return ((status | current) & FlowEncoder.TRANSFERABLE_STATUS) | (current & Status.EXPECTED) | Status.CONFIRMED;
    }

    static AttributeWriter begin(ByteBuf out, int type, int flags, int sequence, Family family) {
        return new AttributeWriter(out, type, Nlmsg.F_REQUEST | flags, sequence, family.number(), 0);
    }

    static int ack(boolean wanted) {
        return wanted ? Nlmsg.F_ACK : 0;
    }

    static void zone(AttributeWriter message, int zone) {
        if (zone != 0) {
            message.u16(Cta.ZONE, zone);
        }
    }
}
