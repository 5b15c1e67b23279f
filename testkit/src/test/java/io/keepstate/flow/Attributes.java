// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** Copies of single parts. */
final class Attributes {
    /** Shown in every text form. */
    private static final Attribute[] ALWAYS_SHOWN = {
        Attribute.MARK,
        Attribute.ZONE,
        Attribute.ZONE_ORIGINAL,
        Attribute.ZONE_REPLY,
        Attribute.TCP_STATE,
        Attribute.SCTP_STATE,
        Attribute.DCCP_STATE
    };

    private Attributes() {}

    /** Copies what lines and XML show alike. */
    static void copyShown(Flow from, FlowBuilder to) {
        copy(from, to, ALWAYS_SHOWN);
    }

    /** Copies those that are there. */
    static void copy(Flow from, FlowBuilder to, Attribute... attributes) {
        for (Attribute attribute : attributes) {
            if (from.has(attribute)) {
                to.set(attribute, from.get(attribute));
            }
        }
    }
}
