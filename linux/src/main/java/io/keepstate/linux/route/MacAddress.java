// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.netty.buffer.ByteBuf;

/**
 * An Ethernet address.
 *
 * @param value its 48 bits in network order
 */
public record MacAddress(long value) {
    public static final int BYTES = 6;

    public MacAddress {
        if (value >>> 48 != 0) {
            throw new IllegalArgumentException("an Ethernet address has 48 bits");
        }
    }

    /** Parses {@code 00:00:5e:00:01:33}. */
    public static MacAddress parse(String text) {
        if (!text.matches("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}")) {
            throw new IllegalArgumentException("not an Ethernet address: '" + text + "' (write 00:00:5e:00:01:33)");
        }
        return new MacAddress(Long.parseLong(text.replace(":", ""), 16));
    }

    static MacAddress read(ByteBuf in, int at) {
        return new MacAddress((long) in.getUnsignedShort(at) << 32 | in.getUnsignedInt(at + 2));
    }

    /** Writes the six octets. */
    public void write(ByteBuf out) {
        out.writeShort((int) (value >>> 32)).writeInt((int) value);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            int octet = (int) (value >>> shift) & 0xff;
            text.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 15, 16));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }
}
