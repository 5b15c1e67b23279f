// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Family;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests of ctnetlink's expectation subsystem. Each method appends one message; several in one buffer make a
 * batch. Sequence numbers and ACKs are as with {@link ConntrackEncoder}. Pure and stateless. Source:
 * net/netfilter/nf_conntrack_netlink.c.
 */
public final class ExpectationEncoder {
    private ExpectationEncoder() {}

    /**
     * Creates an expectation, with translation, class and function; EEXIST if the kernel has one that matches its
     * tuple, ENOENT if it does not know the master, EOPNOTSUPP if the master has no helper.
     *
     * @param timeoutSeconds until the kernel gives it up; the expectation's own timeout is not used; at least 1
     */
    public static void create(ByteBuf out, int sequence, boolean ack, Expectation expectation, long timeoutSeconds) {
        AttributeWriter message = begin(
                out, Nlmsg.EXP_NEW, Nlmsg.F_CREATE | Nlmsg.F_EXCL | ConntrackEncoder.ack(ack), sequence, expectation);
        describe(message, expectation, Math.max(1, timeoutSeconds));
        message.end();
    }

    /**
     * Changes the timeout of an existing expectation, the only thing the kernel lets change; ENOENT if there is none.
     *
     * @param timeoutSeconds until the kernel gives it up, at least 1
     */
    public static void update(ByteBuf out, int sequence, boolean ack, Expectation expectation, long timeoutSeconds) {
        AttributeWriter message = begin(out, Nlmsg.EXP_NEW, ConntrackEncoder.ack(ack), sequence, expectation);
        describe(message, expectation, Math.max(1, timeoutSeconds));
        message.end();
    }

    /** Asks for the expectation that a flow of this tuple would meet. */
    public static void get(ByteBuf out, int sequence, boolean ack, Tuple expected, int zone) {
        AttributeWriter message =
                ConntrackEncoder.begin(out, Nlmsg.EXP_GET, ConntrackEncoder.ack(ack), sequence, expected.family());
        TupleEncoder.write(message, Cta.EXPECT_TUPLE, expected);
        zone(message, zone);
        message.end();
    }

    /**
     * Deletes the expectation of this expected tuple and zone; ENOENT if there is none. With
     * {@link ExpectationAttribute#ID} present, only that very entry.
     */
    public static void delete(ByteBuf out, int sequence, boolean ack, Expectation expectation) {
        AttributeWriter message = begin(out, Nlmsg.EXP_DELETE, ConntrackEncoder.ack(ack), sequence, expectation);
        TupleEncoder.write(message, Cta.EXPECT_TUPLE, expectation.expected());
        if (expectation.has(ExpectationAttribute.ID)) {
            message.u32(Cta.EXPECT_ID, expectation.get(ExpectationAttribute.ID));
        }
        zone(message, expectation.zone());
        message.end();
    }

    /** Dumps all expectations, or all of one family: answers of kind EXPECTATION_UPDATE, then DONE. */
    public static void dump(ByteBuf out, int sequence, @Nullable Family family) {
        new AttributeWriter(
                        out,
                        Nlmsg.EXP_GET,
                        Nlmsg.F_REQUEST | Nlmsg.F_DUMP,
                        sequence,
                        family == null ? 0 : family.number(),
                        0)
                .end();
    }

    /** Dumps the expectations of one master, by its original tuple; ENOENT if the kernel does not know it. */
    public static void dumpOfMaster(ByteBuf out, int sequence, Tuple master, int zone) {
        AttributeWriter message = ConntrackEncoder.begin(out, Nlmsg.EXP_GET, Nlmsg.F_DUMP, sequence, master.family());
        TupleEncoder.write(message, Cta.EXPECT_MASTER, master);
        zone(message, zone);
        message.end();
    }

    /** Deletes all expectations of a helper, in both families; the answer is an ACK even if there were none. */
    public static void deleteOfHelper(ByteBuf out, int sequence, String helper) {
        AttributeWriter message =
                new AttributeWriter(out, Nlmsg.EXP_DELETE, Nlmsg.F_REQUEST | Nlmsg.F_ACK, sequence, 0, 0);
        message.text(Cta.EXPECT_HELP_NAME, helper, Cta.MAX_NAME_OCTETS);
        message.end();
    }

    /** Deletes all expectations, in both families. */
    public static void flush(ByteBuf out, int sequence) {
        new AttributeWriter(out, Nlmsg.EXP_DELETE, Nlmsg.F_REQUEST | Nlmsg.F_ACK, sequence, 0, 0).end();
    }

    /**
     * What a kernel tells of an expectation, with everything the expectation has: for simulations and tests.
     *
     * @param kind one of those that carry an expectation
     * @param portId the socket that caused it, 0 for packets and timers
     */
    public static void event(ByteBuf out, MessageKind kind, long portId, Expectation expectation) {
        if (!kind.hasExpectation()) {
            throw new IllegalArgumentException("a message of kind " + kind + " carries no expectation");
        }
        AttributeWriter message = new AttributeWriter(
                        out,
                        kind == MessageKind.EXPECTATION_DESTROY ? Nlmsg.EXP_DELETE : Nlmsg.EXP_NEW,
                        kind == MessageKind.EXPECTATION_NEW ? Nlmsg.F_CREATE | Nlmsg.F_EXCL : 0,
                        0,
                        expectation.expected().family().number(),
                        0)
                .portId(portId);
        describe(
                message,
                expectation,
                expectation.has(ExpectationAttribute.TIMEOUT) ? expectation.timeoutSeconds() : -1);
        number(message, Cta.EXPECT_ID, expectation, ExpectationAttribute.ID);
        message.end();
    }

    /** Everything but the id, which is the kernel's own; a negative timeout is left out. */
    private static void describe(AttributeWriter out, Expectation expectation, long timeoutSeconds) {
        TupleEncoder.write(out, Cta.EXPECT_TUPLE, expectation.expected());
        TupleEncoder.write(out, Cta.EXPECT_MASTER, expectation.master());
        TupleEncoder.write(out, Cta.EXPECT_MASK, expectation.mask());
        nat(out, expectation.nat());
        if (timeoutSeconds >= 0) {
            out.u32(Cta.EXPECT_TIMEOUT, timeoutSeconds);
        }
        number(out, Cta.EXPECT_FLAGS, expectation, ExpectationAttribute.FLAGS);
        number(out, Cta.EXPECT_CLASS, expectation, ExpectationAttribute.CLASS);
        String helper = expectation.helper();
        if (helper != null) {
            out.text(Cta.EXPECT_HELP_NAME, helper, Cta.MAX_NAME_OCTETS);
        }
        String function = expectation.function();
        if (function != null) {
            out.text(Cta.EXPECT_FN, function, Cta.MAX_FUNCTION_OCTETS);
        }
        if (expectation.has(ExpectationAttribute.ZONE)) {
            out.u16(Cta.EXPECT_ZONE, expectation.zone());
        }
    }

    private static void nat(AttributeWriter out, @Nullable ExpectationNat nat) {
        if (nat != null) {
            int nest = out.beginNest(Cta.EXPECT_NAT);
            out.u32(Cta.EXPECT_NAT_DIR, nat.direction());
            TupleEncoder.write(out, Cta.EXPECT_NAT_TUPLE, nat.tuple());
            out.endNest(nest);
        }
    }

    private static void number(
            AttributeWriter out, int attribute, Expectation expectation, ExpectationAttribute value) {
        if (expectation.has(value)) {
            out.u32(attribute, expectation.get(value));
        }
    }

    private static AttributeWriter begin(ByteBuf out, int type, int flags, int sequence, Expectation expectation) {
        return ConntrackEncoder.begin(
                out, type, flags, sequence, expectation.expected().family());
    }

    private static void zone(AttributeWriter message, int zone) {
        if (zone != 0) {
            message.u16(Cta.EXPECT_ZONE, zone);
        }
    }
}
