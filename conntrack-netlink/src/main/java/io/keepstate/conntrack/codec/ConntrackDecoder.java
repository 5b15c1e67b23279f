// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationBuilder;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Walks the netlink messages of one datagram and decodes the flows and expectations in them.
 *
 * <pre>{@code
 * decoder.begin(datagram);
 * while (decoder.next()) {
 *     if (decoder.kind().hasFlow()) {
 *         use(decoder.kind(), decoder.flow());
 *     } else if (decoder.kind().hasExpectation()) {
 *         use(decoder.kind(), decoder.expectation());
 *     }
 * }
 * }</pre>
 *
 * <p>Never throws on any content: what it does not accept is {@link MessageKind#MALFORMED} with a reason and a
 * counter. A malformed message costs only itself, unless its length is wrong: then nothing tells where the next one
 * begins. An nlmsg_len that is no multiple of four is normal in conntrack events. Attributes without a name here are
 * skipped and counted, so that a newer kernel's flows still decode.
 *
 * <p>Reused for all datagrams of a socket; one thread. Per flow it allocates the {@link Flow} and its parts only.
 * Source: include/uapi/linux/netlink.h, nfnetlink_conntrack.h; net/netfilter/nf_conntrack_netlink.c.
 */
public final class ConntrackDecoder {
    private final FlowBuilder builder = new FlowBuilder();
    private final FlowDecoder flows = new FlowDecoder();
    private final ExpectationBuilder expectationBuilder = new ExpectationBuilder();
    private final ExpectationDecoder expectations = new ExpectationDecoder();
    private final long[] malformedCounts = new long[MalformedReason.values().length];
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private int at;
    private int next;
    private int end;
    private MessageKind kind = MessageKind.OTHER;
    private @Nullable MalformedReason malformed;
    private int errno;
    private int sequence;
    private int flags;
    private long portId;
    private long decoded;
    private long skipped;

    /** Starts on the readable octets of a datagram, which must stay unchanged until the last {@link #next}. */
    public void begin(ByteBuf datagram) {
        in = datagram;
        next = datagram.readerIndex();
        end = datagram.writerIndex();
    }

    /** Moves to the next message; false at the end of the datagram. */
    public boolean next() {
        at = next;
        int left = end - at;
        if (left <= 0) {
            return false;
        }
        errno = 0;
        sequence = 0;
        flags = 0;
        portId = 0;
        malformed = null;
        if (left < Nlmsg.HEADER_OCTETS) {
            next = end;
            return reject(MalformedReason.TRUNCATED_HEADER);
        }
        flags = in.getUnsignedShortLE(at + Nlmsg.FLAGS);
        sequence = in.getIntLE(at + Nlmsg.SEQUENCE);
        portId = in.getUnsignedIntLE(at + Nlmsg.PORT_ID);
        long length = in.getUnsignedIntLE(at + Nlmsg.LENGTH);
        if (length < Nlmsg.HEADER_OCTETS || length > left) {
            next = end;
            return reject(MalformedReason.WRONG_MESSAGE_LENGTH);
        }
        next = Math.min(at + Nlmsg.align((int) length), end);
        return classify(at + (int) length);
    }

    private boolean classify(int messageEnd) {
        switch (in.getUnsignedShortLE(at + Nlmsg.TYPE)) {
            case Nlmsg.CT_NEW -> {
                return flow(isMade() ? MessageKind.NEW : MessageKind.UPDATE, messageEnd);
            }
            case Nlmsg.CT_DELETE -> {
                return flow(MessageKind.DESTROY, messageEnd);
            }
            case Nlmsg.EXP_NEW -> {
                return expectation(isMade() ? MessageKind.EXPECTATION_NEW : MessageKind.EXPECTATION_UPDATE, messageEnd);
            }
            case Nlmsg.EXP_DELETE -> {
                return expectation(MessageKind.EXPECTATION_DESTROY, messageEnd);
            }
            case Nlmsg.ERROR -> {
                return result(MessageKind.ERROR, messageEnd);
            }
            case Nlmsg.DONE -> {
                return result(MessageKind.DONE, messageEnd);
            }
            default -> {
                skipped++;
                kind = MessageKind.OTHER;
                return true;
            }
        }
    }

    private boolean isMade() {
        int made = Nlmsg.F_CREATE | Nlmsg.F_EXCL;
        return (flags & made) == made;
    }

    private boolean flow(MessageKind as, int messageEnd) {
        int attributes = at + Nlmsg.HEADER_OCTETS + Nlmsg.NFGENMSG_OCTETS;
        if (attributes > messageEnd) {
            return reject(MalformedReason.TRUNCATED_NFGENMSG);
        }
        MalformedReason wrong = flows.decode(in, attributes, messageEnd, builder);
        if (wrong != null) {
            return reject(wrong);
        }
        kind = as;
        decoded++;
        return true;
    }

    private boolean expectation(MessageKind as, int messageEnd) {
        int attributes = at + Nlmsg.HEADER_OCTETS + Nlmsg.NFGENMSG_OCTETS;
        if (attributes > messageEnd) {
            return reject(MalformedReason.TRUNCATED_NFGENMSG);
        }
        MalformedReason wrong = expectations.decode(in, attributes, messageEnd, expectationBuilder);
        if (wrong != null) {
            return reject(wrong);
        }
        kind = as;
        decoded++;
        return true;
    }

    /** struct nlmsgerr begins with a negative error number; so does the payload of NLMSG_DONE. */
    private boolean result(MessageKind as, int messageEnd) {
        int payload = at + Nlmsg.HEADER_OCTETS;
        if (payload + 4 > messageEnd) {
            return reject(MalformedReason.TRUNCATED_ERROR);
        }
        errno = -in.getIntLE(payload);
        kind = as == MessageKind.ERROR && errno == 0 ? MessageKind.ACK : as;
        return true;
    }

    private boolean reject(MalformedReason reason) {
        malformedCounts[reason.ordinal()]++;
        malformed = reason;
        kind = MessageKind.MALFORMED;
        return true;
    }

    /** What the current message is. */
    public MessageKind kind() {
        return kind;
    }

    /** Why the current message is {@link MessageKind#MALFORMED}, else null. */
    public @Nullable MalformedReason malformed() {
        return malformed;
    }

    /**
     * The current message's flow.
     *
     * @throws IllegalStateException when {@link MessageKind#hasFlow} is false
     */
    public Flow flow() {
        if (!kind.hasFlow()) {
            throw new IllegalStateException("a message of kind " + kind + " carries no flow");
        }
        return builder.build();
    }

    /**
     * The current message's expectation.
     *
     * @throws IllegalStateException when {@link MessageKind#hasExpectation} is false
     */
    public Expectation expectation() {
        if (!kind.hasExpectation()) {
            throw new IllegalStateException("a message of kind " + kind + " carries no expectation");
        }
        return expectationBuilder.build();
    }

    /** nlmsg_seq: of the request this answers; 0 in events and without a header. */
    public int sequence() {
        return sequence;
    }

    /** nlmsg_pid, unsigned: in events the socket whose request caused it, 0 for packets and timers. */
    public long portId() {
        return portId;
    }

    /** nlmsg_flags. */
    public int flags() {
        return flags;
    }

    /** nfgen_family of a flow or expectation message: AF_INET or AF_INET6; 0 for other messages. */
    public int family() {
        return kind.hasFlow() || kind.hasExpectation() ? in.getUnsignedByte(at + Nlmsg.NFGENMSG_FAMILY) : 0;
    }

    /** Error number of an ERROR or DONE message, positive; 0 otherwise. */
    public int errno() {
        return errno;
    }

    /** Messages decoded that carried a flow or an expectation. */
    public long decodedCount() {
        return decoded;
    }

    /** Messages of no interest, skipped. */
    public long skippedCount() {
        return skipped;
    }

    /** Attributes without a name here, skipped. */
    public long unknownAttributeCount() {
        return flows.unknownCount() + expectations.unknownCount();
    }

    /** Messages not accepted for this reason. */
    public long malformedCount(MalformedReason reason) {
        return malformedCounts[reason.ordinal()];
    }

    /** Messages not accepted, for any reason. */
    public long malformedCount() {
        long sum = 0;
        for (long count : malformedCounts) {
            sum += count;
        }
        return sum;
    }
}
