// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.InternetChecksum;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.RejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Datagrams of protocol 112 as octets, header included, for both families. */
final class IpDatagram {
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int TRAFFIC_CLASS = 0xc0;

    private IpDatagram() {}

    /** A datagram that carries this message. */
    static byte[] of(IpAddress source, IpAddress destination, int hopLimit, byte[] message) {
        ByteBuf out = Unpooled.buffer(IPV6_HEADER + message.length);
        if (source.family() == AddressFamily.IPV4) {
            out.writeByte(0x45).writeByte(TRAFFIC_CLASS).writeShort(IPV4_HEADER + message.length);
            out.writeShort(1).writeShort(0); // identification; not a fragment
            out.writeByte(hopLimit).writeByte(Envelope.PROTOCOL).writeShort(0);
        } else {
            out.writeInt(6 << 28 | TRAFFIC_CLASS << 20).writeShort(message.length);
            out.writeByte(Envelope.PROTOCOL).writeByte(hopLimit);
        }
        source.write(out);
        destination.write(out);
        if (source.family() == AddressFamily.IPV4) {
            out.setShort(10, InternetChecksum.finish(InternetChecksum.sum(out, 0, IPV4_HEADER)));
        }
        out.writeBytes(message);
        return ByteBufUtil.getBytes(out);
    }

    /** Lays an envelope over a datagram; null, or why that cannot be done. */
    static @Nullable RejectReason open(byte[] datagram, Envelope into) {
        ByteBuf octets = Unpooled.wrappedBuffer(datagram);
        if (datagram.length == 0 || octets.getUnsignedByte(0) >>> 4 != 6) {
            return into.setIpv4(octets);
        }
        if (datagram.length < IPV6_HEADER) {
            return RejectReason.TRUNCATED;
        }
        int length = octets.getUnsignedShort(4);
        if (octets.getUnsignedByte(6) != Envelope.PROTOCOL) {
            return RejectReason.BAD_IP_HEADER;
        }
        if (length > datagram.length - IPV6_HEADER) {
            return RejectReason.TRUNCATED;
        }
        into.setIpv6(
                octets.slice(IPV6_HEADER, length),
                octets.getLong(8),
                octets.getLong(16),
                octets.getLong(24),
                octets.getLong(32),
                octets.getUnsignedByte(7));
        return null;
    }

    /** The source address of a datagram that is long enough to have one, for a report on why it was rejected. */
    static String source(byte[] datagram) {
        ByteBuf octets = Unpooled.wrappedBuffer(datagram);
        boolean ipv6 = datagram.length > 0 && octets.getUnsignedByte(0) >>> 4 == 6;
        if (datagram.length < (ipv6 ? IPV6_HEADER : IPV4_HEADER)) {
            return "?";
        }
        return IpAddress.get(ipv6 ? AddressFamily.IPV6 : AddressFamily.IPV4, octets, ipv6 ? 8 : 12)
                .toString();
    }
}
