// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the peer's version understands. The protocol negotiates nothing: a message with one attribute too many is
 * dropped whole by the receiver, so the version must be configured.
 *
 * @param name the release that defined this form
 * @param highestAttribute largest attribute number of flows the peer knows
 * @param natAddressesInHostOrder translated IPv4 addresses travel in the sender's host order too, as up to 1.4.6
 * @param hostOrder byte order of the peer's machine: translated ports and the ICMP identifier travel in the sender's
 *     host order, and the receiver takes them to be in its own
 */
public record WireProfile(String name, int highestAttribute, boolean natAddressesInHostOrder, ByteOrder hostOrder) {
    /** conntrackd 1.4.2 and 1.4.3: neither IPv6 NAT, SYN proxies nor zones. */
    public static final WireProfile V1_4_2 = littleEndian("1.4.2", WireAttribute.LABELS, true);

    /** conntrackd 1.4.4: neither SYN proxies nor zones. */
    public static final WireProfile V1_4_4 = littleEndian("1.4.4", WireAttribute.DNAT_IPV6, true);

    /** conntrackd 1.4.5 and 1.4.6: no zones. */
    public static final WireProfile V1_4_5 = littleEndian("1.4.5", WireAttribute.SYNPROXY, true);

    /** conntrackd 1.4.7 to 1.4.9. */
    public static final WireProfile V1_4_7 = littleEndian("1.4.7", WireAttribute.ZONE, false);

    /** All of them, on little-endian machines (x86, ARM), oldest first. */
    public static final List<WireProfile> ALL = List.of(V1_4_2, V1_4_4, V1_4_5, V1_4_7);

    /** Checks the range. */
    public WireProfile {
        if (highestAttribute < WireAttribute.LABELS || highestAttribute > WireAttribute.ZONE) {
            throw new IllegalArgumentException("highest attribute " + highestAttribute + " is not in "
                    + WireAttribute.LABELS + " (1.4.2) to " + WireAttribute.ZONE + " (1.4.7)");
        }
    }

    private static WireProfile littleEndian(String name, int highestAttribute, boolean natAddressesInHostOrder) {
        return new WireProfile(name, highestAttribute, natAddressesInHostOrder, ByteOrder.LITTLE_ENDIAN);
    }

    /** The form a release of conntrackd speaks, {@code 1.4.2} to {@code 1.4.9}; null for any other text. */
    public static @Nullable WireProfile ofRelease(String release) {
        return switch (release) {
            case "1.4.2", "1.4.3" -> V1_4_2;
            case "1.4.4" -> V1_4_4;
            case "1.4.5", "1.4.6" -> V1_4_5;
            case "1.4.7", "1.4.8", "1.4.9" -> V1_4_7;
            default -> null;
        };
    }

    /** The same form, for peers whose machine has this byte order. */
    public WireProfile withHostOrder(ByteOrder order) {
        return new WireProfile(name, highestAttribute, natAddressesInHostOrder, order);
    }

    /** Whether the peer knows this attribute of flows. */
    boolean knows(int attribute) {
        return attribute <= highestAttribute;
    }

    /** A 16-bit number of the peer's host order, read as network order, turned into its value; and back. */
    int hostShort(int value) {
        return hostOrder == ByteOrder.LITTLE_ENDIAN ? Short.reverseBytes((short) value) & 0xffff : value & 0xffff;
    }

    /** A translated IPv4 address, read as network order, turned into its value; and back. */
    int natAddress(int value) {
        return natAddressesInHostOrder && hostOrder == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(value) : value;
    }
}
