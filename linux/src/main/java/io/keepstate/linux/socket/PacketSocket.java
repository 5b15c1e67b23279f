// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.netty.buffer.ByteBuf;

/**
 * A link-layer socket: sends Ethernet frames, such as gratuitous ARP and neighbour advertisements, and can listen.
 *
 * <p>Needs CAP_NET_RAW. Confined to one thread. Source: packet(7), {@code include/uapi/linux/if_packet.h}.
 */
public final class PacketSocket implements Pollable, AutoCloseable {
    /** EtherType of everything, for {@link #openReceiver}. */
    public static final int ETH_P_ALL = 0x0003;

    private static final int PACKET_OUTGOING = 4;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_ADD_MEMBERSHIP = 1;
    private static final int PACKET_MR_ALLMULTI = 2;
    private static final int PACKET_MREQ_BYTES = 16;
    private static final int SLOTS = 32;
    private static final int SLOT_BYTES = 9216;

    private final SocketHandle socket;
    private final ReceiveSlab slab;
    private long truncated;
    private long receiveErrors;

    private PacketSocket(SocketHandle socket, int slots, int slotBytes) {
        this.socket = socket;
        this.slab = new ReceiveSlab(slots, slotBytes, 0);
    }

    /** A socket that only sends: protocol 0 receives nothing. */
    public static PacketSocket openSender() {
        return new PacketSocket(open(0), 1, 64);
    }

    /**
     * A socket that also receives.
     *
     * @param etherType the protocol to hear, such as 0x0806, or {@link #ETH_P_ALL}
     * @param interfaceIndex the one interface to listen on, or 0 for all
     */
    public static PacketSocket openReceiver(int etherType, int interfaceIndex) {
        SocketHandle socket = open(0);
        try {
            socket.bind(SocketAddresses.PACKET_BYTES, "interface " + interfaceIndex, (out, at) -> {
                SocketAddresses.putPacket(out, at, interfaceIndex, etherType);
            });
            return new PacketSocket(socket, SLOTS, SLOT_BYTES);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static SocketHandle open(int protocol) {
        return SocketHandle.open(
                SocketAddresses.AF_PACKET, SocketHandle.SOCK_RAW, protocol, "packet socket (needs CAP_NET_RAW)");
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    public void attachFilter(SocketFilter filter) {
        socket.attachFilter(filter);
    }

    /**
     * Hears all multicast frames of an interface as long as this socket is open, whatever groups this machine has joined;
     * a network card would drop the others.
     */
    public void receiveAllMulticast(int interfaceIndex) {
        // struct packet_mreq: ifindex, type, length and octets of an address, which this type has none of
        socket.set(
                SOL_PACKET,
                PACKET_ADD_MEMBERSHIP,
                PACKET_MREQ_BYTES,
                "PACKET_ADD_MEMBERSHIP",
                "interface " + interfaceIndex,
                (out, at) -> out.setIntLE(at, interfaceIndex).setShortLE(at + 4, PACKET_MR_ALLMULTI));
    }

    /** Asks for a receive buffer; answers what the kernel made of it (twice the request, unless capped). */
    public int receiveBuffer(int bytes) {
        return socket.receiveBuffer(bytes);
    }

    /**
     * Sends one whole frame by an interface.
     *
     * @return its length, or a negative error number ({@code -ENETDOWN}, {@code -ENXIO}, {@code -ENOBUFS}...)
     */
    public int send(ByteBuf frame, int interfaceIndex) {
        return socket.sendByInterface(frame, interfaceIndex);
    }

    /**
     * Hands over what is queued, up to a budget.
     *
     * @return how many frames were taken from the queue
     */
    public int receive(PacketHandler handler, int budget) {
        slab.begin(budget);
        while (slab.next(socket)) {
            if (slab.isTruncated()) {
                truncated++;
            } else {
                // struct sockaddr_ll: ifindex at 4, pkttype at 10
                int name = slab.name();
                boolean outgoing = slab.memory().getByte(name + 10) == PACKET_OUTGOING;
                handler.onFrame(slab.payload(), slab.memory().getIntLE(name + 4), outgoing);
            }
        }
        receiveErrors += slab.errno() == 0 ? 0 : 1;
        return slab.taken();
    }

    /** Errors the network left on the socket, such as ENETDOWN. */
    public long receiveErrors() {
        return receiveErrors;
    }

    /** Frames longer than 9216 octets, dropped. */
    public long truncated() {
        return truncated;
    }

    @Override
    public void close() {
        socket.close();
        slab.close();
    }
}
