// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import java.nio.ByteOrder;

/**
 * What the peer's version understands. The protocol negotiates nothing: a message with one attribute too many is
 * dropped whole by the receiver, so the version must be configured.
 *
 * @param name the release that defined this form
 * @param highestAttribute largest attribute number the peer knows
 * @param hostOrder byte order of the peer's machine: translated ports and the ICMP identifier travel in the sender's
 *     host order, and the receiver takes them to be in its own
 */
public record WireProfile(String name, int highestAttribute, ByteOrder hostOrder) {
    /** conntrackd 1.4.7 to 1.4.9, on little-endian machines (x86, ARM). */
    public static final WireProfile V1_4_7 = new WireProfile("1.4.7", WireAttribute.ZONE, ByteOrder.LITTLE_ENDIAN);

    /** Checks the range. */
    public WireProfile {
        if (highestAttribute != WireAttribute.ZONE) {
            throw new IllegalArgumentException("highest attribute " + highestAttribute + ": only the form of 1.4.7 ("
                    + WireAttribute.ZONE + ") is known");
        }
    }

    /** The same form, for peers whose machine has this byte order. */
    public WireProfile withHostOrder(ByteOrder order) {
        return new WireProfile(name, highestAttribute, order);
    }

    /** A 16-bit number of the peer's host order, read as network order, turned into its value; and back. */
    int hostShort(int value) {
        return hostOrder == ByteOrder.LITTLE_ENDIAN ? Short.reverseBytes((short) value) & 0xffff : value & 0xffff;
    }
}
