// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The attributes of expectation messages (conntrackd's enum nta_exp_attr), in any order. */
final class ExpectationDissector {
    private static final int HEAD = 4;
    private static final int HELPER_NAME = 19;
    private static final int FN = 20;
    /** Data length by attribute number; negative: at most that much. */
    private static final int[] DATA_LENGTH = {8, 32, 1, 4, 8, 32, 1, 4, 8, 32, 1, 4, 4, 4, 4, 8, 4, 1, 4, -12, -28};

    private final DumpLine line;
    private final Map<String, Object> master = new LinkedHashMap<>();
    private final Map<String, Object> expected = new LinkedHashMap<>();
    private final Map<String, Object> mask = new LinkedHashMap<>();
    private final Map<String, Object> nat = new LinkedHashMap<>();
    private final Map<String, Object> rest = new LinkedHashMap<>();

    ExpectationDissector(DumpLine line) {
        this.line = line;
    }

    void describe(ByteBuf payload) {
        int end = payload.readableBytes();
        boolean broken = false;
        // As for flows: up to four octets after the last attribute are ignored.
        for (int at = 0; !broken && end - at > HEAD; ) {
            int length = payload.getUnsignedShort(at);
            broken = isBroken(length, payload.getUnsignedShort(at + 2), end - at);
            if (!broken) {
                attribute(payload.getUnsignedShort(at + 2), payload.slice(at + HEAD, length - HEAD));
                at += (length + 3) & ~3;
            }
        }
        if (!broken && (master.get("src") == null || expected.get("src") == null)) {
            line.malformed("no_addresses", "nothing says which expectation it is");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        add(fields, "master", master);
        add(fields, "expected", expected);
        add(fields, "mask", mask);
        add(fields, "nat", nat);
        fields.putAll(rest);
        line.put("expectation", fields);
        if (line.isMalformed()) {
            line.putList("attributes", FtfwDissector.attributes(payload));
        }
    }

    private boolean isBroken(int length, int number, int left) {
        if (length > left) {
            line.malformed("truncated_attribute", "attribute " + number + " goes beyond the message");
        } else if (length < HEAD) {
            line.malformed("short_attribute", "an attribute claims " + length + " octets");
        } else if (number >= DATA_LENGTH.length) {
            line.malformed("unknown_attribute", "there is no attribute " + number);
        } else if (DATA_LENGTH[number] >= 0 && length - HEAD != DATA_LENGTH[number]) {
            line.malformed(
                    "wrong_size",
                    "attribute " + number + " has " + (length - HEAD) + " octets, not " + DATA_LENGTH[number]);
        } else if (DATA_LENGTH[number] < 0 && length - HEAD > -DATA_LENGTH[number]) {
            line.malformed("too_long", "attribute " + number + " has more than " + -DATA_LENGTH[number] + " octets");
        } else {
            return false;
        }
        return true;
    }

    private void attribute(int number, ByteBuf data) {
        switch (number) {
            case 0 -> addresses(master, AddressFamily.IPV4, data);
            case 1 -> addresses(master, AddressFamily.IPV6, data);
            case 2 -> master.put("l4proto", (int) data.getUnsignedByte(0));
            case 3 -> ports(master, data);
            case 4 -> addresses(expected, AddressFamily.IPV4, data);
            case 5 -> addresses(expected, AddressFamily.IPV6, data);
            case 6 -> expected.put("l4proto", (int) data.getUnsignedByte(0));
            case 7 -> ports(expected, data);
            case 8 -> addresses(mask, AddressFamily.IPV4, data);
            case 9 -> addresses(mask, AddressFamily.IPV6, data);
            case 10 -> mask.put("l4proto", (int) data.getUnsignedByte(0));
            case 11 -> ports(mask, data);
            case 12 -> rest.put("timeout", data.getUnsignedInt(0));
            case 13 -> rest.put("flags", data.getUnsignedInt(0));
            case 14 -> rest.put("class", data.getUnsignedInt(0));
            case 15 -> addresses(nat, AddressFamily.IPV4, data);
            case 16 -> ports(nat, data);
            case 17 -> nat.put("l4proto", (int) data.getUnsignedByte(0));
            case 18 -> nat.put("dir", data.getUnsignedInt(0));
            case HELPER_NAME -> rest.put("helper", text(data));
            case FN -> rest.put("fn", text(data));
            default -> throw new AssertionError("attribute " + number + " is nobody's");
        }
    }

    private static void addresses(Map<String, Object> into, AddressFamily family, ByteBuf data) {
        into.put("src", IpAddress.get(family, data, 0).toString());
        into.put("dst", IpAddress.get(family, data, family.octets()).toString());
    }

    private static void ports(Map<String, Object> into, ByteBuf data) {
        into.put("sport", data.getUnsignedShort(0));
        into.put("dport", data.getUnsignedShort(2));
    }

    private static String text(ByteBuf data) {
        String text = data.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private static void add(Map<String, Object> fields, String name, Map<String, Object> part) {
        if (!part.isEmpty()) {
            fields.put(name, part);
        }
    }
}
