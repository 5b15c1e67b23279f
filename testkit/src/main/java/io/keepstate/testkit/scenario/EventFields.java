// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.RejectReason;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The fields of each kind of event; names as in docs/vrrp-scenario.md. */
final class EventFields {
    Map<String, Object> sent(Advertisement advertisement, SentPacket packet) {
        Map<String, Object> fields = advertisement(advertisement);
        fields.put("from", packet.source());
        fields.put("to", packet.destination());
        fields.put("ttl", packet.ttl());
        fields.put("packet", ByteBufUtil.hexDump(packet.datagram()));
        return fields;
    }

    Map<String, Object> received(Heard heard) {
        Map<String, Object> fields = advertisement(heard.advertisement());
        fields.put("from", heard.source());
        return fields;
    }

    Map<String, Object> rejected(RejectReason reason) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("reason", lower(reason));
        fields.put("text", reason.text());
        return fields;
    }

    Map<String, Object> state(Enum<?> from, Enum<?> to, Enum<?> reason, String text) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("from", lower(from));
        fields.put("to", lower(to));
        fields.put("reason", lower(reason));
        fields.put("text", text);
        return fields;
    }

    Map<String, Object> crashed(Enum<?> from) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("from", lower(from));
        fields.put("to", "crashed");
        fields.put("reason", "crash");
        return fields;
    }

    Map<String, Object> note(Enum<?> note, String text) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("note", lower(note));
        fields.put("text", text);
        return fields;
    }

    Map<String, Object> loser(IpAddress from, int priority) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("from", from);
        fields.put("priority", priority);
        return fields;
    }

    Map<String, Object> priority(int from, int to) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("from", from);
        fields.put("to", to);
        return fields;
    }

    Map<String, Object> timer(String timer, long atNanos, long inNanos) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("timer", timer);
        fields.put("at", Duration.ofNanos(atNanos));
        fields.put("in", Duration.ofNanos(inNanos));
        return fields;
    }

    private static Map<String, Object> advertisement(Advertisement advertisement) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", advertisement.version().number());
        fields.put("vrid", advertisement.virtualRouterId());
        fields.put("priority", advertisement.priority());
        fields.put("interval", PacketDefinition.interval(advertisement.intervalCentis()));
        fields.put("addresses", advertisement.addresses());
        Authentication authentication = advertisement.authentication();
        fields.put("auth", authentication.toString());
        fields.put("checksum", checksum(advertisement));
        return fields;
    }

    private static String checksum(Advertisement advertisement) {
        return switch (advertisement.checksumForm()) {
            case MESSAGE_ONLY -> "message";
            case PSEUDO_HEADER -> "pseudo_header";
            case PSEUDO_HEADER_OF_GROUP -> "pseudo_header_of_group";
        };
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
