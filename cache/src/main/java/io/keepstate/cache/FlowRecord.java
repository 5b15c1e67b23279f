// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.SequenceAdjustment;
import io.keepstate.flow.SynProxy;
import io.keepstate.flow.Tuple;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A flow as octets in a record slab. First the key at fixed places, so that a lookup compares without decoding; then a
 * word that says which parts follow; then the parts. Left out are the parts of a flow that describe a moment of one
 * machine: use count, counters, time stamps, security context.
 */
final class FlowRecord {
    /** Longest record that is kept; a kernel's flow with every part takes less than a tenth of it. */
    static final int MAX_LENGTH = 4096;

    private static final int ZONE_AT = 2;
    private static final int SOURCE_ID_AT = 4;
    private static final int ADDRESSES_AT = 8;

    private static final int REPLY_INVERTED = 32;
    private static final int REPLY = 33;
    private static final int MASTER = 34;
    private static final int SOURCE_NAT = 35;
    private static final int DESTINATION_NAT = 36;
    private static final int ORIGINAL_ADJUSTMENT = 37;
    private static final int REPLY_ADJUSTMENT = 38;
    private static final int SYN_PROXY = 39;
    private static final int HELPER = 40;
    private static final int LABELS = 41;

    private static final int MAX_HELPER = 255;
    private static final int MAX_LABELS = 512;

    private static final Attribute[] ATTRIBUTES = Attribute.values();
    private static final int[] WIDTHS = widths();

    private FlowRecord() {}

    private static int[] widths() {
        int[] widths = new int[ATTRIBUTES.length];
        for (Attribute attribute : ATTRIBUTES) {
            widths[attribute.ordinal()] = switch (attribute) {
                case STATUS, TIMEOUT, MARK, ID, SCTP_VTAG_ORIGINAL, SCTP_VTAG_REPLY -> 4;
                case ZONE, ZONE_ORIGINAL, ZONE_REPLY, TCP_FLAGS_ORIGINAL, TCP_FLAGS_REPLY -> 2;
                case TCP_STATE, TCP_WSCALE_ORIGINAL, TCP_WSCALE_REPLY, SCTP_STATE, DCCP_STATE, DCCP_ROLE -> 1;
                case DCCP_HANDSHAKE_SEQUENCE -> 8;
                case USE, TIMESTAMP_START, TIMESTAMP_STOP, TIMESTAMP_EVENT -> 0;
            };
        }
        return widths;
    }

    /**
     * Writes a record at the buffer's position.
     *
     * @param out has room for {@link #MAX_LENGTH} octets
     * @return false, if the flow has a part so big that it is not kept
     */
    static boolean write(Flow flow, ByteBuffer out) {
        String helper = flow.helper();
        if (flow.labelWords() > MAX_LABELS || (helper != null && helper.length() > MAX_HELPER)) {
            return false;
        }
        Tuple original = flow.original();
        out.put((byte) (original.family() == Family.IPV6 ? 1 : 0))
                .put((byte) original.protocol())
                .putShort((short) flow.originalZone())
                .putShort((short) original.sourceId())
                .putShort((short) original.destinationId());
        addresses(out, original);
        int partsAt = out.position();
        out.putLong(0);
        out.putLong(partsAt, attributes(flow, out) | parts(flow, out));
        return true;
    }

    private static long attributes(Flow flow, ByteBuffer out) {
        long present = 0;
        for (int i = 0; i < ATTRIBUTES.length; i++) {
            int width = WIDTHS[i];
            if (width == 0 || !flow.has(ATTRIBUTES[i])) {
                continue;
            }
            present |= 1L << i;
            long value = flow.get(ATTRIBUTES[i]);
            switch (width) {
                case 1 -> out.put((byte) value);
                case 2 -> out.putShort((short) value);
                case 4 -> out.putInt((int) value);
                default -> out.putLong(value);
            }
        }
        return present;
    }

    private static long parts(Flow flow, ByteBuffer out) {
        long present = reply(flow, out);
        Tuple master = flow.master();
        if (master != null) {
            present |= 1L << MASTER;
            tuple(out, master);
        }
        present |= nat(SOURCE_NAT, flow.sourceNat(), out) | nat(DESTINATION_NAT, flow.destinationNat(), out);
        present |= adjustment(ORIGINAL_ADJUSTMENT, flow.originalAdjustment(), out);
        present |= adjustment(REPLY_ADJUSTMENT, flow.replyAdjustment(), out);
        SynProxy proxy = flow.synProxy();
        if (proxy != null) {
            present |= 1L << SYN_PROXY;
            out.putInt(proxy.initialSequence()).putInt(proxy.initialTimestamp()).putInt(proxy.timestampOffset());
        }
        String helper = flow.helper();
        if (helper != null) {
            present |= 1L << HELPER;
            out.put((byte) helper.length()).put(helper.getBytes(StandardCharsets.ISO_8859_1));
        }
        int words = flow.labelWords();
        if (words > 0) {
            present |= 1L << LABELS;
            out.putShort((short) words);
            for (int i = 0; i < words; i++) {
                out.putInt(flow.labelWord(i));
            }
        }
        return present;
    }

    private static long reply(Flow flow, ByteBuffer out) {
        Tuple reply = flow.reply();
        if (reply == null) {
            return 0;
        }
        // Most flows are not translated: their answer is the mirror image and takes no room.
        if (reply.equals(flow.original().inverted())) {
            return 1L << REPLY_INVERTED;
        }
        tuple(out, reply);
        return 1L << REPLY;
    }

    private static long nat(int part, @Nullable NatTarget target, ByteBuffer out) {
        if (target == null) {
            return 0;
        }
        IpAddress address = target.address();
        int octets = address == null ? 0 : address.family().addressOctets();
        out.put((byte) octets).putShort((short) target.port());
        if (address != null) {
            if (octets == 16) {
                out.putLong(address.high()).putLong(address.low());
            } else {
                out.putInt((int) address.low());
            }
        }
        return 1L << part;
    }

    private static long adjustment(int part, @Nullable SequenceAdjustment adjustment, ByteBuffer out) {
        if (adjustment == null) {
            return 0;
        }
        out.putInt(adjustment.position()).putInt(adjustment.before()).putInt(adjustment.after());
        return 1L << part;
    }

    private static void tuple(ByteBuffer out, Tuple tuple) {
        out.put((byte) (tuple.family() == Family.IPV6 ? 1 : 0))
                .put((byte) tuple.protocol())
                .putShort((short) tuple.sourceId())
                .putShort((short) tuple.destinationId());
        addresses(out, tuple);
    }

    private static void addresses(ByteBuffer out, Tuple tuple) {
        if (tuple.family() == Family.IPV4) {
            out.putInt((int) tuple.sourceLow()).putInt((int) tuple.destinationLow());
        } else {
            out.putLong(tuple.sourceHigh())
                    .putLong(tuple.sourceLow())
                    .putLong(tuple.destinationHigh())
                    .putLong(tuple.destinationLow());
        }
    }

    /** Whether the record at this offset is of this flow. */
    static boolean matches(ByteBuffer in, int offset, Tuple tuple, int zone) {
        boolean ipv6 = tuple.family() == Family.IPV6;
        int head = (ipv6 ? 1 : 0) << 24 | tuple.protocol() << 16 | zone;
        int ids = tuple.sourceId() << 16 | tuple.destinationId();
        int at = offset + ADDRESSES_AT;
        if (in.getInt(offset) != head || in.getInt(offset + SOURCE_ID_AT) != ids) {
            return false;
        }
        if (!ipv6) {
            return in.getInt(at) == (int) tuple.sourceLow() && in.getInt(at + 4) == (int) tuple.destinationLow();
        }
        return in.getLong(at) == tuple.sourceHigh()
                && in.getLong(at + 8) == tuple.sourceLow()
                && in.getLong(at + 16) == tuple.destinationHigh()
                && in.getLong(at + 24) == tuple.destinationLow();
    }

    /** The zone the record's key lives in. */
    static int zone(ByteBuffer in, int offset) {
        return Short.toUnsignedInt(in.getShort(offset + ZONE_AT));
    }

    /** Whether the record is of a flow that belongs to another, its master. */
    static boolean isRelated(ByteBuffer in, int offset) {
        int addresses = in.get(offset) != 0 ? 32 : 8;
        return has(in.getLong(offset + ADDRESSES_AT + addresses), MASTER);
    }

    /** Reads the record at this offset; the builder is emptied first. */
    static void read(ByteBuffer in, int offset, FlowBuilder into) {
        in.position(offset);
        boolean ipv6 = in.get() != 0;
        int protocol = Byte.toUnsignedInt(in.get());
        in.getShort(); // the key's zone is among the attributes too
        Tuple original = tuple(in, ipv6, protocol);
        into.reset().original(original);
        long present = in.getLong();
        readAttributes(in, present, into);
        if (has(present, REPLY_INVERTED)) {
            into.reply(original.inverted());
        }
        readParts(in, present, into);
    }

    private static void readAttributes(ByteBuffer in, long present, FlowBuilder into) {
        for (long rest = present & 0xffff_ffffL; rest != 0; rest &= rest - 1) {
            int index = Long.numberOfTrailingZeros(rest);
            long value = switch (WIDTHS[index]) {
                case 1 -> Byte.toUnsignedLong(in.get());
                case 2 -> Short.toUnsignedLong(in.getShort());
                case 4 -> Integer.toUnsignedLong(in.getInt());
                default -> in.getLong();
            };
            into.set(ATTRIBUTES[index], value);
        }
    }

    private static void readParts(ByteBuffer in, long present, FlowBuilder into) {
        if (has(present, REPLY)) {
            into.reply(tuple(in));
        }
        if (has(present, MASTER)) {
            into.master(tuple(in));
        }
        if (has(present, SOURCE_NAT)) {
            into.sourceNat(nat(in));
        }
        if (has(present, DESTINATION_NAT)) {
            into.destinationNat(nat(in));
        }
        if (has(present, ORIGINAL_ADJUSTMENT)) {
            into.originalAdjustment(new SequenceAdjustment(in.getInt(), in.getInt(), in.getInt()));
        }
        if (has(present, REPLY_ADJUSTMENT)) {
            into.replyAdjustment(new SequenceAdjustment(in.getInt(), in.getInt(), in.getInt()));
        }
        if (has(present, SYN_PROXY)) {
            into.synProxy(new SynProxy(in.getInt(), in.getInt(), in.getInt()));
        }
        if (has(present, HELPER)) {
            byte[] name = new byte[Byte.toUnsignedInt(in.get())];
            in.get(name);
            into.helper(new String(name, StandardCharsets.ISO_8859_1));
        }
        if (has(present, LABELS)) {
            int[] words = new int[Short.toUnsignedInt(in.getShort())];
            for (int i = 0; i < words.length; i++) {
                words[i] = in.getInt();
            }
            into.labels(words);
        }
    }

    private static boolean has(long present, int part) {
        return (present & 1L << part) != 0;
    }

    private static NatTarget nat(ByteBuffer in) {
        int octets = in.get();
        int port = Short.toUnsignedInt(in.getShort());
        IpAddress address = switch (octets) {
            case 0 -> null;
            case 4 -> IpAddress.ipv4(in.getInt());
            default -> new IpAddress(Family.IPV6, in.getLong(), in.getLong());
        };
        return new NatTarget(address, port);
    }

    private static Tuple tuple(ByteBuffer in) {
        boolean ipv6 = in.get() != 0;
        return tuple(in, ipv6, Byte.toUnsignedInt(in.get()));
    }

    private static Tuple tuple(ByteBuffer in, boolean ipv6, int protocol) {
        int sourceId = Short.toUnsignedInt(in.getShort());
        int destinationId = Short.toUnsignedInt(in.getShort());
        return ipv6
                ? new Tuple(
                        Family.IPV6,
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        protocol,
                        sourceId,
                        destinationId)
                : Tuple.ipv4(in.getInt(), in.getInt(), protocol, sourceId, destinationId);
    }
}
