// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import static io.keepstate.flow.wire.WireWriter.addresses;
import static io.keepstate.flow.wire.WireWriter.head;
import static io.keepstate.flow.wire.WireWriter.ports;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.SequenceAdjustment;
import io.keepstate.flow.SynProxy;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes a flow as the payload of a state message, attribute by attribute in the order conntrackd writes them, so that
 * the octets are the same. Allocates nothing, but at the end of a flow behind a SYN proxy. Immutable and thread-safe.
 */
public final class FlowEncoder {
    private final WireProfile profile;
    private final WireOptions options;

    /** An encoder for peers of this profile. */
    public FlowEncoder(WireProfile profile, WireOptions options) {
        this.profile = profile;
        this.options = options;
    }

    /** The peer's form. */
    public WireProfile profile() {
        return profile;
    }

    /** What keeps this flow from being sent truthfully, the gravest reason first; null when nothing does. */
    public @Nullable Unprotected withheld(Flow flow) {
        return Unprotected.of(flow, profile);
    }

    /**
     * Appends the payload.
     *
     * @param out where to write, at the writer index
     * @return null when all of the flow was written; else what was withheld: nothing was written if it
     *     {@link Unprotected#isWhole}, all but the attribute in question if not
     */
    public @Nullable Unprotected encode(Flow flow, ByteBuf out) {
        Unprotected withheld = withheld(flow);
        if (withheld != null && withheld.isWhole()) {
            return withheld;
        }
        Tuple original = flow.original();
        addresses(out, original, WireAttribute.IPV4, WireAttribute.IPV6);
        number(out, WireAttribute.STATUS, flow, Attribute.STATUS);
        WireWriter.octet(out, WireAttribute.L4PROTO, original.protocol());
        layer4(out, flow);
        if (options.sendTimeout()) {
            number(out, WireAttribute.TIMEOUT, flow, Attribute.TIMEOUT);
        }
        number(out, WireAttribute.MARK, flow, Attribute.MARK);
        master(out, flow.master());
        NatWriter.write(out, flow, profile);
        adjustment(out, flow.originalAdjustment(), flow.replyAdjustment());
        helper(out, flow.helper());
        labels(out, flow);
        // What an older peer does not know is left out here only where it says nothing: SYN proxy data of zeros, which
        // every flow made through ctnetlink has, and the default zone. The rest was withheld.
        if (profile.knows(WireAttribute.SYNPROXY)) {
            synProxy(out, flow.synProxy());
        }
        if (flow.has(Attribute.ZONE) && profile.knows(WireAttribute.ZONE)) {
            head(out, WireAttribute.ZONE, 2).writeShort(flow.zone()).writeZero(2);
        }
        return withheld;
    }

    /**
     * Appends the payload of a message that tells the peer to forget a flow: without what keeps the flow itself at home, as
     * far as it does not name the flow.
     *
     * @return whether anything was written
     */
    public boolean encodeEnd(Flow flow, ByteBuf out) {
        Flow named =
                flow.synProxy() == null ? flow : flow.toBuilder().synProxy(null).build();
        Unprotected withheld = encode(named, out);
        return withheld == null || !withheld.isWhole();
    }

    private void layer4(ByteBuf out, Flow flow) {
        Tuple original = flow.original();
        switch (original.protocol()) {
            case Protocol.TCP -> {
                ports(out, WireAttribute.PORT, original);
                tcp(out, flow);
            }
            case Protocol.UDP -> ports(out, WireAttribute.PORT, original);
            case Protocol.SCTP -> {
                ports(out, WireAttribute.PORT, original);
                sctp(out, flow);
            }
            case Protocol.DCCP -> {
                ports(out, WireAttribute.PORT, original);
                dccp(out, flow);
            }
            case Protocol.ICMP, Protocol.ICMPV6 -> icmp(out, original);
            default -> {
                // The wire has nothing more for other protocols: they are an address pair.
            }
        }
    }

    private void tcp(ByteBuf out, Flow flow) {
        if (!flow.has(Attribute.TCP_STATE)) {
            return;
        }
        octet(out, WireAttribute.TCP_STATE, flow, Attribute.TCP_STATE);
        if (options.tcpWindowTracking()) {
            octet(out, WireAttribute.TCP_WSCALE_ORIG, flow, Attribute.TCP_WSCALE_ORIGINAL);
            octet(out, WireAttribute.TCP_WSCALE_REPL, flow, Attribute.TCP_WSCALE_REPLY);
        }
    }

    private static void sctp(ByteBuf out, Flow flow) {
        if (!flow.has(Attribute.SCTP_STATE)) {
            return;
        }
        octet(out, WireAttribute.SCTP_STATE, flow, Attribute.SCTP_STATE);
        number(out, WireAttribute.SCTP_VTAG_ORIG, flow, Attribute.SCTP_VTAG_ORIGINAL);
        number(out, WireAttribute.SCTP_VTAG_REPL, flow, Attribute.SCTP_VTAG_REPLY);
    }

    private static void dccp(ByteBuf out, Flow flow) {
        if (flow.has(Attribute.DCCP_STATE)) {
            octet(out, WireAttribute.DCCP_STATE, flow, Attribute.DCCP_STATE);
            octet(out, WireAttribute.DCCP_ROLE, flow, Attribute.DCCP_ROLE);
        }
    }

    private void icmp(ByteBuf out, Tuple tuple) {
        WireWriter.octet(out, WireAttribute.ICMP_TYPE, tuple.icmpType());
        WireWriter.octet(out, WireAttribute.ICMP_CODE, tuple.icmpCode());
        head(out, WireAttribute.ICMP_ID, 2)
                .writeShort(profile.hostShort(tuple.icmpId()))
                .writeZero(2);
    }

    private static void master(ByteBuf out, @Nullable Tuple master) {
        if (master == null || Unprotected.losesIdentity(master)) {
            return;
        }
        addresses(out, master, WireAttribute.MASTER_IPV4, WireAttribute.MASTER_IPV6);
        WireWriter.octet(out, WireAttribute.MASTER_L4PROTO, master.protocol());
        if (Protocol.hasPorts(master.protocol())) {
            ports(out, WireAttribute.MASTER_PORT, master);
        }
    }

    private static void adjustment(
            ByteBuf out, @Nullable SequenceAdjustment original, @Nullable SequenceAdjustment reply) {
        if (original == null || reply == null) {
            return;
        }
        head(out, WireAttribute.NAT_SEQ_ADJ, 24)
                .writeInt(original.position())
                .writeInt(original.before())
                .writeInt(original.after())
                .writeInt(reply.position())
                .writeInt(reply.before())
                .writeInt(reply.after());
    }

    private static void helper(ByteBuf out, @Nullable String name) {
        if (name != null && Unprotected.isHelperSendable(name)) {
            WireWriter.name(out, WireAttribute.HELPER_NAME, name);
        }
    }

    private static void labels(ByteBuf out, Flow flow) {
        int words = flow.labelWords();
        if (words == 0 || words > WireAttribute.MAX_LABEL_WORDS) {
            return;
        }
        int any = 0;
        for (int i = 0; i < words; i++) {
            any |= flow.labelWord(i);
        }
        if (any == 0) {
            return;
        }
        head(out, WireAttribute.LABELS, 4 * words);
        for (int i = 0; i < words; i++) {
            out.writeInt(flow.labelWord(i));
        }
    }

    private static void synProxy(ByteBuf out, @Nullable SynProxy data) {
        if (data != null) {
            head(out, WireAttribute.SYNPROXY, 12)
                    .writeInt(data.initialTimestamp())
                    .writeInt(data.initialSequence())
                    .writeInt(data.timestampOffset());
        }
    }

    private static void number(ByteBuf out, int wire, Flow flow, Attribute attribute) {
        if (flow.has(attribute)) {
            WireWriter.number(out, wire, flow.get(attribute));
        }
    }

    private static void octet(ByteBuf out, int wire, Flow flow, Attribute attribute) {
        if (flow.has(attribute)) {
            WireWriter.octet(out, wire, (int) flow.get(attribute));
        }
    }
}
