// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import java.util.HexFormat;

/**
 * A 48-bit hardware address.
 *
 * @param bits the address in the low 48 bits, first octet highest
 */
public record MacAddress(long bits) {

    /** ff:ff:ff:ff:ff:ff. */
    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);
    /** Length in octets. */
    public static final int LENGTH = 6;

    /** Refuses more than 48 bits. */
    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("a hardware address has 48 bits");
        }
    }

    /** Reads {@code 00:00:5e:00:01:33}. */
    public static MacAddress parse(String text) {
        if (!text.matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a hardware address: expected six octets such as 00:00:5e:00:01:33");
        }
        return new MacAddress(Long.parseLong(text.replace(":", ""), 16));
    }

    /** The address of these six octets. */
    public static MacAddress of(byte[] octets) {
        if (octets.length != LENGTH) {
            throw new IllegalArgumentException("a hardware address has 6 octets, not " + octets.length);
        }
        return parse(HexFormat.ofDelimiter(":").formatHex(octets));
    }

    static MacAddress get(ByteBuf in, int index) {
        return new MacAddress((long) in.getUnsignedShort(index) << 32 | in.getUnsignedInt(index + 2));
    }

    void write(ByteBuf out) {
        out.writeShort((int) (bits >>> 32)).writeInt((int) bits);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(17);
        HexFormat hex = HexFormat.of();
        for (int shift = 40; shift >= 0; shift -= 8) {
            text.append(hex.toHexDigits((byte) (bits >>> shift))).append(shift > 0 ? ":" : "");
        }
        return text.toString();
    }
}
