// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.socket.PacketSocket;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.MacAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Everything that arrives at an interface, and a voice to ask for hardware addresses. */
final class Wire implements AutoCloseable {

    private static final int ETHERNET = 14;
    private static final int IPV4 = 0x0800;
    private static final int ARP = 0x0806;
    private static final int IPV6 = 0x86dd;
    private static final int REPLY = 2;

    /** A frame that came in: its sender and all octets. */
    record Frame(MacAddress sender, byte[] octets) {
        private ByteBuf buffer() {
            return Unpooled.wrappedBuffer(octets);
        }

        private int etherType() {
            return buffer().getUnsignedShort(ETHERNET - 2);
        }

        /** Protocol or next header; -1 if it is not IP. */
        int protocol() {
            return switch (etherType()) {
                case IPV4 -> buffer().getUnsignedByte(ETHERNET + 9);
                case IPV6 -> buffer().getUnsignedByte(ETHERNET + 6);
                default -> -1;
            };
        }

        int hopLimit() {
            return buffer().getUnsignedByte(ETHERNET + (etherType() == IPV4 ? 8 : 7));
        }

        int trafficClass() {
            return etherType() == IPV4
                    ? buffer().getUnsignedByte(ETHERNET + 1)
                    : buffer().getUnsignedShort(ETHERNET) >>> 4 & 0xff;
        }

        int identification() {
            return buffer().getUnsignedShort(ETHERNET + 4);
        }

        IpAddress source() {
            return etherType() == IPV4
                    ? IpAddress.get(AddressFamily.IPV4, buffer(), ETHERNET + 12)
                    : IpAddress.get(AddressFamily.IPV6, buffer(), ETHERNET + 8);
        }

        IpAddress destination() {
            return etherType() == IPV4
                    ? IpAddress.get(AddressFamily.IPV4, buffer(), ETHERNET + 16)
                    : IpAddress.get(AddressFamily.IPV6, buffer(), ETHERNET + 24);
        }

        boolean isArpReplyFor(IpAddress address) {
            return etherType() == ARP
                    && buffer().getUnsignedShort(ETHERNET + 6) == REPLY
                    && IpAddress.get(AddressFamily.IPV4, buffer(), ETHERNET + 14)
                            .equals(address);
        }
    }

    private final LabNamespace namespace;
    private final int index;
    private final MacAddress own;
    private final PacketSocket socket;
    private final List<Frame> heard = new ArrayList<>();

    Wire(LabNamespace namespace, String interfaceName) {
        this.namespace = namespace;
        this.index = namespace.index(interfaceName);
        var mac = namespace.link(interfaceName).mac();
        this.own = new MacAddress(mac == null ? 0 : mac.value());
        this.socket = namespace.get(() -> PacketSocket.openReceiver(PacketSocket.ETH_P_ALL, index));
    }

    /** All that has arrived since the last {@link #forget}. */
    List<Frame> frames() {
        namespace.get(() -> socket.receive(
                (frame, interfaceIndex, outgoing) -> {
                    if (!outgoing) {
                        byte[] octets = new byte[frame.readableBytes()];
                        frame.getBytes(frame.readerIndex(), octets);
                        heard.add(new Frame(sender(frame), octets));
                    }
                },
                1000));
        return List.copyOf(heard);
    }

    /** Those of one protocol. */
    List<Frame> packets(int protocol) {
        return frames().stream().filter(frame -> frame.protocol() == protocol).toList();
    }

    /** Who answered for an address. */
    List<MacAddress> answersFor(IpAddress address) {
        return frames().stream()
                .filter(frame -> frame.isArpReplyFor(address))
                .map(Frame::sender)
                .toList();
    }

    void forget() {
        frames();
        heard.clear();
    }

    /** Asks by broadcast who has an address. */
    void ask(IpAddress address, IpAddress from) {
        ByteBuf frame = Unpooled.directBuffer();
        frame.writeInt(-1).writeShort(-1);
        write(own, frame);
        frame.writeShort(ARP)
                .writeShort(1)
                .writeShort(IPV4)
                .writeByte(6)
                .writeByte(4)
                .writeShort(1);
        write(own, frame);
        from.write(frame);
        frame.writeZero(6);
        address.write(frame);
        namespace.get(() -> socket.send(frame, index));
        frame.release();
    }

    private static MacAddress sender(ByteBuf frame) {
        return new MacAddress((long) frame.getUnsignedShort(6) << 32 | frame.getUnsignedInt(8));
    }

    private static void write(MacAddress mac, ByteBuf out) {
        out.writeShort((int) (mac.bits() >>> 32)).writeInt((int) mac.bits());
    }

    @Override
    public void close() {
        namespace.network().run(socket::close);
    }
}
