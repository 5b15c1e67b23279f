// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.FlowBuilder;
import org.jspecify.annotations.Nullable;

/** Decodes CTA_PROTOINFO: what TCP, SCTP and DCCP keep of a connection. */
final class ProtocolStateDecoder {
    private final AttributeCursor protocols = new AttributeCursor();
    private final AttributeCursor values = new AttributeCursor();
    private long unknown;

    @Nullable
    MalformedReason decode(AttributeCursor at, FlowBuilder out) {
        protocols.inside(at);
        while (protocols.next()) {
            MalformedReason wrong = switch (protocols.type()) {
                case Cta.PROTOINFO_TCP -> values(ProtocolValues.TCP, out);
                case Cta.PROTOINFO_DCCP -> values(ProtocolValues.DCCP, out);
                case Cta.PROTOINFO_SCTP -> values(ProtocolValues.SCTP, out);
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

    private @Nullable MalformedReason values(ProtocolValues protocol, FlowBuilder out) {
        int[] sizes = protocol.sizes;
        values.inside(protocols);
        while (values.next()) {
            int index = values.type() - 1;
            if (index < 0 || index >= sizes.length) {
                unknown++;
                continue;
            }
            if (values.length() != sizes[index]) {
                return MalformedReason.WRONG_VALUE_SIZE;
            }
            out.set(
                    protocol.attributes[index],
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
