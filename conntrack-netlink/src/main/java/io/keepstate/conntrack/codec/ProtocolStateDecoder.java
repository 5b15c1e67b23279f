// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.FlowBuilder;
import org.jspecify.annotations.Nullable;

/** Decodes CTA_PROTOINFO: what TCP, SCTP and DCCP keep of a connection. */
final class ProtocolStateDecoder {
    private static final Attribute[] TCP = {
        Attribute.TCP_STATE,
        Attribute.TCP_WSCALE_ORIGINAL,
        Attribute.TCP_WSCALE_REPLY,
        Attribute.TCP_FLAGS_ORIGINAL,
        Attribute.TCP_FLAGS_REPLY
    };
    private static final int[] TCP_SIZES = {1, 1, 1, 2, 2};
    private static final Attribute[] DCCP = {
        Attribute.DCCP_STATE, Attribute.DCCP_ROLE, Attribute.DCCP_HANDSHAKE_SEQUENCE
    };
    private static final int[] DCCP_SIZES = {1, 1, 8};
    private static final Attribute[] SCTP = {
        Attribute.SCTP_STATE, Attribute.SCTP_VTAG_ORIGINAL, Attribute.SCTP_VTAG_REPLY
    };
    private static final int[] SCTP_SIZES = {1, 4, 4};

    private final AttributeCursor protocols = new AttributeCursor();
    private final AttributeCursor values = new AttributeCursor();
    private long unknown;

    @Nullable
    MalformedReason decode(AttributeCursor at, FlowBuilder out) {
        protocols.inside(at);
        while (protocols.next()) {
            MalformedReason wrong = switch (protocols.type()) {
                case Cta.PROTOINFO_TCP -> values(TCP, TCP_SIZES, out);
                case Cta.PROTOINFO_DCCP -> values(DCCP, DCCP_SIZES, out);
                case Cta.PROTOINFO_SCTP -> values(SCTP, SCTP_SIZES, out);
                default -> {
                    unknown++;
                    yield null;
                }
            };
            if (wrong != null) {
                return wrong;
            }
        }
        return protocols.broken();
    }

    /** The kernel numbers each protocol's values from 1, in the order of the tables above. */
    private @Nullable MalformedReason values(Attribute[] attributes, int[] sizes, FlowBuilder out) {
        values.inside(protocols);
        while (values.next()) {
            int index = values.type() - 1;
            if (index < 0 || index >= attributes.length) {
                unknown++;
                continue;
            }
            if (values.length() != sizes[index]) {
                return MalformedReason.WRONG_VALUE_SIZE;
            }
            out.set(
                    attributes[index],
                    switch (sizes[index]) {
                        case 1 -> values.u8();
                        case 2 -> values.u16(); // struct nf_ct_tcp_flags: flags, then mask
                        case 4 -> values.u32();
                        default -> values.u64();
                    });
        }
        return values.broken();
    }

    long unknownCount() {
        return unknown;
    }
}
