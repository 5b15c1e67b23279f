// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.InternetChecksum;
import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The packet of a {@code receive} line: octets as they are, or fields. A field that is not given is what the receiving
 * router itself would send, so that a line names only what matters; nothing keeps it from being wrong.
 */
final class PacketDefinition {
    private static final int ETHERNET_HEADER = 14;
    private static final int VLAN_TAG = 4;
    private static final int CHECKSUM = 6;
    private static final int AUTH_DATA = 8;
    private static final int TYPE_ADVERTISEMENT = 1;
    private static final int CENTIS_PER_SECOND = 100;
    private static final int MAX_CENTIS = 0xfff;
    private static final int MAX_SECONDS = 0xff;

    private final RouterDefinition router;
    private final VirtualRouterConfig config;
    private final Words words;
    private final Settings settings;
    private final AddressFamily family;

    private PacketDefinition(RouterDefinition router, Words words, Settings settings) {
        this.router = router;
        this.config = router.config();
        this.words = words;
        this.settings = settings;
        this.family = config.family();
    }

    /** The datagram that a line describes for a router. */
    static byte[] datagram(RouterDefinition router, Words words) throws ScenarioException {
        Settings settings = words.settings();
        byte[] datagram = new PacketDefinition(router, words, settings).datagram();
        settings.end();
        return datagram;
    }

    private byte[] datagram() throws ScenarioException {
        Optional<byte[]> frame = settings.octets("frame");
        if (frame.isPresent()) {
            return payload(frame.get());
        }
        Optional<byte[]> packet = settings.octets("packet");
        if (packet.isPresent()) {
            return packet.get();
        }
        IpAddress source = settings.address("from")
                .orElse(IpAddress.parse(family == AddressFamily.IPV4 ? "192.0.2.254" : "fe80::254"));
        IpAddress destination = settings.address("to").orElse(own());
        if (source.family() != destination.family()) {
            throw words.wrong("from and to are not of one family");
        }
        int hopLimit = settings.number("ttl", 0, 255).orElse(Envelope.HOP_LIMIT);
        Optional<byte[]> given = settings.octets("message");
        byte[] message = given.isPresent() ? given.get() : message(source, destination);
        return IpDatagram.of(source, destination, hopLimit, message);
    }

    /** What is behind the header of an Ethernet frame, and behind its VLAN tags. */
    private byte[] payload(byte[] frame) throws ScenarioException {
        int at = ETHERNET_HEADER;
        while (frame.length >= at && isVlan(frame, at - 2)) {
            at += VLAN_TAG;
        }
        if (frame.length < at) {
            throw words.wrong("frame: its header alone has " + at + " octets, this has " + frame.length);
        }
        return Arrays.copyOfRange(frame, at, frame.length);
    }

    /** 802.1Q and 802.1ad. */
    private static boolean isVlan(byte[] frame, int at) {
        int type = (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
        return type == 0x8100 || type == 0x88a8;
    }

    /** Where packets for this router go to: the group; by unicast to its own address. */
    private IpAddress own() {
        boolean unicast = config.transport() instanceof Transport.Unicast;
        return unicast ? router.source() : SentPacket.destinations(config).get(0);
    }

    private byte[] message(IpAddress source, IpAddress destination) throws ScenarioException {
        int version = settings.number("version", 0, 15).orElse(config.version().number());
        int type = settings.number("type", 0, 15).orElse(TYPE_ADVERTISEMENT);
        boolean listed = settings.has("addresses");
        List<IpAddress> addresses = listed ? settings.addresses("addresses") : config.advertisedAddresses();
        ByteBuf out = Unpooled.buffer();
        out.writeByte(version << 4 | type);
        out.writeByte(settings.number("vrid", 0, 255).orElse(config.virtualRouterId()));
        out.writeByte(settings.number("priority", 0, 255).orElse(100));
        out.writeByte(settings.number("count", 0, 255).orElse(addresses.size()));
        int interval = intervalField(version);
        if (version == 2) {
            out.writeByte(settings.number("auth_type", 0, 255).orElse(authType()))
                    .writeByte(interval);
        } else {
            out.writeShort((settings.number("reserved", 0, 15).orElse(0) << 12) | interval);
        }
        out.writeShort(0);
        addresses.forEach(address -> address.write(out));
        if (version == 2 && family == AddressFamily.IPV4) {
            out.writeBytes(authData());
        }
        int length = out.readableBytes();
        out.writeBytes(settings.octets("trailing").orElse(new byte[0]));
        // Over IPv4 neither padding nor a trailer is covered; over IPv6 everything is.
        checksum(out, family == AddressFamily.IPV4 ? length : out.readableBytes(), version, source, destination);
        int octets = settings.number("octets", 0, 65_535).orElse(out.readableBytes());
        return Arrays.copyOf(ByteBufUtil.getBytes(out), Math.min(octets, out.readableBytes()));
    }

    /** The field of the interval: seconds in version 2, centiseconds in all others. */
    private int intervalField(int version) throws ScenarioException {
        Optional<Duration> wanted = settings.time("interval");
        if (wanted.isEmpty()) {
            int own = config.intervalCentis();
            // As a router that speaks both versions has it: seconds rounded up.
            return version == 2 ? (own + CENTIS_PER_SECOND - 1) / CENTIS_PER_SECOND : Math.min(own, MAX_CENTIS);
        }
        Duration unit = version == 2 ? Duration.ofSeconds(1) : interval(1);
        long field = wanted.get().dividedBy(unit);
        if (field > (version == 2 ? MAX_SECONDS : MAX_CENTIS)
                || !unit.multipliedBy(field).equals(wanted.get())) {
            throw words.wrong("interval=" + ScenarioTime.text(wanted.get().toNanos()) + ": the field of version "
                    + version + " has room for "
                    + (version == 2 ? "whole seconds, 0 to 255" : "centiseconds, 0 to 40.95s"));
        }
        return (int) field;
    }

    private int authType() throws ScenarioException {
        return settings.text("auth").isPresent() ? 1 : config.authentication().type();
    }

    private byte[] authData() throws ScenarioException {
        Optional<byte[]> data = settings.octets("auth_data");
        if (data.isPresent()) {
            return Arrays.copyOf(data.get(), AUTH_DATA);
        }
        Optional<String> password = settings.text("auth");
        return password.isPresent()
                ? Arrays.copyOf(password.get().getBytes(StandardCharsets.UTF_8), AUTH_DATA)
                : Unpooled.copyLong(config.authentication().data()).array();
    }

    /** A number as it stands; bad; or the form, which is that of keepalived unless it is given. */
    private void checksum(ByteBuf out, int length, int version, IpAddress source, IpAddress destination)
            throws ScenarioException {
        String form = settings.text("checksum").orElse(version == 2 ? "message" : "pseudo_header");
        long sum = InternetChecksum.sum(out, 0, length);
        int right = InternetChecksum.finish(
                form.equalsIgnoreCase("message")
                        ? sum
                        : sum + InternetChecksum.pseudoHeader(source, destination, Envelope.PROTOCOL, length));
        boolean named = form.equalsIgnoreCase("message") || form.equalsIgnoreCase("pseudo_header");
        if (form.equalsIgnoreCase("bad")) {
            out.setShort(CHECKSUM, right ^ 0x5555);
        } else if (named) {
            out.setShort(CHECKSUM, right);
        } else {
            out.setShort(CHECKSUM, settings.number("checksum", 0, 0xffff).orElse(0));
        }
    }

    /** Says what a sent or received advertisement has in it. */
    static Duration interval(int centis) {
        return Duration.ofMillis(centis * 10L);
    }
}
