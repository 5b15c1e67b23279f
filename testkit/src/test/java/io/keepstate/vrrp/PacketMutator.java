// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.RejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.SplittableRandom;

/** One packet as octets, to be changed at random: what it says, what IP says of it, and how long it is. */
final class PacketMutator {

    private static final int IPV4_HEADER = 20;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int TTL = 8;
    private static final int IPV4_SOURCE = 12;
    private static final int IPV4_DESTINATION = 16;
    private static final int CHECKSUM = 6;
    private static final int KINDS = 14;

    private final SplittableRandom random;
    private final Envelope envelope = new Envelope();
    private AddressFamily family = AddressFamily.IPV4;
    private byte[] octets = {};
    /** Where the VRRP message begins. */
    private int message;

    private IpAddress source = IpAddress.ipv4(0);
    private IpAddress destination = IpAddress.ipv4(0);
    private int hopLimit;

    PacketMutator(SplittableRandom random) {
        this.random = random;
    }

    /** Takes a packet as it would be sent. */
    void take(ByteBuf packet, IpAddress from, IpAddress to) {
        family = from.family();
        octets = new byte[packet.readableBytes()];
        packet.getBytes(packet.readerIndex(), octets);
        boolean header = family == AddressFamily.IPV4 && octets[9] == 51;
        message = family == AddressFamily.IPV6 ? 0 : header ? IPV4_HEADER + 24 : IPV4_HEADER;
        source = from;
        destination = to;
        hopLimit = 255;
    }

    /** The TTL or hop limit of a sender that is allowed to have another one than 255. */
    void setHopLimit(int value) {
        hopLimit = value;
        if (family == AddressFamily.IPV4) {
            octets[TTL] = (byte) value;
        }
    }

    /** Changes one thing. */
    void mutate() {
        switch (random.nextInt(KINDS)) {
            case 0 -> set(random.nextInt(octets.length), random.nextInt(256));
            case 1 -> flip(message + random.nextInt(Math.max(1, octets.length - message)));
            case 2 -> set(message + 2, random.nextInt(256));
            case 3 -> set(message + 4 + random.nextInt(2), random.nextInt(4) == 0 ? 0 : random.nextInt(256));
            case 4 -> set(message + 1, random.nextInt(256));
            case 5 -> set(message + 3, get(message + 3) + (random.nextBoolean() ? 1 : -1));
            case 6 -> setHopLimit(random.nextBoolean() ? 254 : random.nextInt(256));
            case 7 -> resize(random.nextInt(4) == 0 ? -28 : -1 - random.nextInt(8));
            case 8 -> resize(random.nextBoolean() ? 28 : 1 + random.nextInt(30));
            case 9 -> set(message + 8 + random.nextInt(4), random.nextInt(256));
            case 10 -> set(message, random.nextInt(256));
            case 11 -> changeSource();
            case 12 -> changeDestination();
            default -> harmless();
        }
    }

    /** Makes the checksum of the message right again: alone or with a pseudo header in front. */
    void repairChecksum() {
        int length = octets.length - message;
        if (length < CHECKSUM + 2) {
            return;
        }
        set(message + CHECKSUM, 0);
        set(message + CHECKSUM + 1, 0);
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (long) (octets[message + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        boolean version2 = (octets[message] & 0xf0) == 0x20;
        if (family == AddressFamily.IPV6 || (!version2 && random.nextBoolean())) {
            sum += words(source) + words(destination) + 112 + length;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        set(message + CHECKSUM, (int) ~sum >>> 8);
        set(message + CHECKSUM + 1, (int) ~sum);
    }

    /** What a socket would make of it: an envelope, or null and a reason. */
    Envelope envelope(RejectReason[] reason) {
        ByteBuf packet = Unpooled.wrappedBuffer(octets);
        reason[0] = null;
        if (family == AddressFamily.IPV4) {
            reason[0] = envelope.setIpv4(packet);
        } else {
            envelope.setIpv6(packet, source.high(), source.low(), destination.high(), destination.low(), hopLimit);
        }
        return envelope;
    }

    private void set(int at, int value) {
        if (at < octets.length) {
            octets[at] = (byte) value;
        }
    }

    private int get(int at) {
        return at < octets.length ? octets[at] & 0xff : 0;
    }

    private void flip(int at) {
        set(at, get(at) ^ 1 << random.nextInt(8));
    }

    private void resize(int by) {
        octets = Arrays.copyOf(octets, Math.max(message + 1, octets.length + by));
        if (family == AddressFamily.IPV4 && random.nextBoolean()) {
            set(TOTAL_LENGTH, octets.length >>> 8);
            set(TOTAL_LENGTH + 1, octets.length);
        }
    }

    private void changeSource() {
        source = changed(source);
        if (family == AddressFamily.IPV4) {
            set(IPV4_SOURCE + 3, (int) source.low());
        }
    }

    private void changeDestination() {
        destination = changed(destination);
        if (family == AddressFamily.IPV4) {
            set(IPV4_DESTINATION + 3, (int) destination.low());
        }
    }

    private IpAddress changed(IpAddress address) {
        return new IpAddress(family, address.high(), address.low() ^ (1 + random.nextInt(255)));
    }

    /** What nobody checks: type of service, identification, header checksum, the reserved bits of version 3. */
    private void harmless() {
        if (family == AddressFamily.IPV4 && message == IPV4_HEADER) {
            set(1, random.nextInt(256));
            set(IDENTIFICATION, random.nextInt(256));
            set(10, random.nextInt(256));
        }
    }

    private static long words(IpAddress address) {
        long mask = 0xffff_ffffL;
        return (address.high() >>> 32) + (address.high() & mask) + (address.low() >>> 32) + (address.low() & mask);
    }
}
