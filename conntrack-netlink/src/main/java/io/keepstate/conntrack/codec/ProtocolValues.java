// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Attribute;

/** What CTA_PROTOINFO holds of one protocol: values numbered from 1, in the order given here, with their sizes. */
final class ProtocolValues {
    /** enum ctattr_protoinfo_tcp; the flags are struct nf_ct_tcp_flags: flags, then mask. */
    static final ProtocolValues TCP = new ProtocolValues(
            Cta.PROTOINFO_TCP,
            new int[] {1, 1, 1, 2, 2},
            Attribute.TCP_STATE,
            Attribute.TCP_WSCALE_ORIGINAL,
            Attribute.TCP_WSCALE_REPLY,
            Attribute.TCP_FLAGS_ORIGINAL,
            Attribute.TCP_FLAGS_REPLY);

    /** enum ctattr_protoinfo_dccp. */
    static final ProtocolValues DCCP = new ProtocolValues(
            Cta.PROTOINFO_DCCP,
            new int[] {1, 1, 8},
            Attribute.DCCP_STATE,
            Attribute.DCCP_ROLE,
            Attribute.DCCP_HANDSHAKE_SEQUENCE);

    /** enum ctattr_protoinfo_sctp. */
    static final ProtocolValues SCTP = new ProtocolValues(
            Cta.PROTOINFO_SCTP,
            new int[] {1, 4, 4},
            Attribute.SCTP_STATE,
            Attribute.SCTP_VTAG_ORIGINAL,
            Attribute.SCTP_VTAG_REPLY);

    static final ProtocolValues[] ALL = {TCP, DCCP, SCTP};

    final int nest;
    final int[] sizes;
    final Attribute[] attributes;

    private ProtocolValues(int nest, int[] sizes, Attribute... attributes) {
        this.nest = nest;
        this.sizes = sizes;
        this.attributes = attributes;
    }
}
