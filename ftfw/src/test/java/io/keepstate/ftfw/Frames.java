// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Datagrams as text and back, one message per line; the fixtures are written in it. */
final class Frames {
    private static final List<String> TYPES = List.of("CT_NEW", "CT_UPD", "CT_DEL", "EXP_NEW", "EXP_UPD", "EXP_DEL");
    private static final Map<String, Integer> CONTROLS =
            Map.of("ACK", NetHeader.ACK, "NACK", NetHeader.NACK, "RESYNC", NetHeader.RESYNC, "ALIVE", NetHeader.ALIVE);

    private Frames() {}

    static String text(ByteBuf datagram) {
        FrameReader reader = new FrameReader();
        reader.wrap(datagram);
        StringBuilder text = new StringBuilder();
        while (reader.next()) {
            if (reader.rejected() != null) {
                text.append(reader.rejected()).append('\n');
                continue;
            }
            boolean data = reader.kind() == FrameKind.DATA;
            text.append(data ? TYPES.get(reader.type()) : reader.kind().name());
            text.append(" seq=").append(Integer.toUnsignedLong(reader.sequence()));
            text.append(reader.isHello() ? " HELLO" : "").append(reader.isHelloBack() ? " HELLO_BACK" : "");
            if (data) {
                text.append(" payload=")
                        .append(ByteBufUtil.hexDump(datagram, reader.payloadIndex(), reader.payloadLength()));
            } else if (reader.kind().isRanged()) {
                text.append(" from=").append(Integer.toUnsignedLong(reader.from()));
                text.append(" to=").append(Integer.toUnsignedLong(reader.to()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    static List<String> lines(ByteBuf datagram) {
        return text(datagram).lines().toList();
    }

    /** The datagram of these lines; a payload may be left out (12 octets are written). */
    static ByteBuf datagram(String... lines) {
        ByteBuf out = Unpooled.buffer();
        for (String line : lines) {
            List<String> words = new ArrayList<>(List.of(line.split(" ")));
            Map<String, String> fields = new HashMap<>();
            for (String word : words) {
                String[] pair = word.split("=", 2);
                fields.put(pair[0], pair.length > 1 ? pair[1] : "");
            }
            int flags = (fields.containsKey("HELLO") ? NetHeader.HELLO : 0)
                    | (fields.containsKey("HELLO_BACK") ? NetHeader.HELLO_BACK : 0);
            int sequence = number(fields, "seq");
            String kind = words.get(0);
            Integer control = CONTROLS.get(kind);
            if (control == null) {
                byte[] payload = ByteBufUtil.decodeHexDump(fields.getOrDefault("payload", "000000000000000000000000"));
                NetHeader.write(out, TYPES.indexOf(kind), flags, NetHeader.LENGTH + payload.length, sequence);
                out.writeBytes(payload);
            } else if (control == NetHeader.ALIVE) {
                NetHeader.write(out, NetHeader.CTL, flags | control, NetHeader.LENGTH, sequence);
            } else {
                NetHeader.writeControl(out, flags | control, sequence, number(fields, "from"), number(fields, "to"));
            }
        }
        return out;
    }

    private static int number(Map<String, String> fields, String name) {
        return (int) Long.parseLong(fields.getOrDefault(name, "0"));
    }
}
