// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.Errno;
import io.netty.buffer.ByteBuf;

/**
 * A netlink socket: requests to the kernel, or its events.
 *
 * <p>When the kernel had to drop messages because the receive buffer was full, {@link #receive} answers
 * {@link #OVERRUN} once: what this socket knows is then incomplete and must be read again (dump). Messages of other
 * processes are dropped and counted: only the kernel is believed.
 *
 * <p>Confined to one thread. Source: netlink(7), {@code include/uapi/linux/netlink.h}.
 */
public final class NetlinkSocket implements Pollable, AutoCloseable {
    /** Answer of {@link #receive}: messages were lost; those that were not have been handed over. */
    public static final int OVERRUN = -Errno.ENOBUFS;

    /** NETLINK_ROUTE: links, addresses, routes. */
    public static final int ROUTE = 0;
    /** NETLINK_CONNECTOR: events of processes; only in the first network namespace. */
    public static final int CONNECTOR = 11;
    /** NETLINK_NETFILTER: connection tracking, nftables. */
    public static final int NETFILTER = 12;

    private static final int SOL_NETLINK = 270;
    private static final int ADD_MEMBERSHIP = 1;
    private static final int DROP_MEMBERSHIP = 2;
    private static final int BROADCAST_ERROR = 4;
    private static final int NO_ENOBUFS = 5;
    private static final int CAP_ACK = 10;
    private static final int EXT_ACK = 11;
    private static final int GET_STRICT_CHK = 12;

    private static final int DUMP_SLOTS = 8;
    private static final int DUMP_SLOT_BYTES = 32 * 1024;
    private static final int EVENT_SLOTS = 32;
    private static final int EVENT_SLOT_BYTES = 8 * 1024;

    /** Offset of nl_pid in {@code struct sockaddr_nl}. */
    private static final int SENDER_PORT = 4;

    private final SocketHandle socket;
    private final ReceiveSlab slab;
    private final long portId;
    private long overruns;
    private long truncated;
    private long foreign;

    private NetlinkSocket(SocketHandle socket, ReceiveSlab slab, long portId) {
        this.socket = socket;
        this.slab = slab;
        this.portId = portId;
    }

    /** For requests and dumps: 8 slots of 32 KiB, the largest message a dump sends. */
    public static NetlinkSocket open(int protocol) {
        return open(protocol, DUMP_SLOTS, DUMP_SLOT_BYTES);
    }

    /** For events, each of which is one small datagram: 32 slots of 8 KiB. */
    public static NetlinkSocket openForEvents(int protocol) {
        return open(protocol, EVENT_SLOTS, EVENT_SLOT_BYTES);
    }

    /**
     * Opens a socket in the calling thread's network namespace and binds it to a port number the kernel chooses.
     *
     * @param protocol {@link #ROUTE}, {@link #NETFILTER}...
     * @param slots datagrams read by one system call, 1 to 1024
     * @param slotBytes the longest datagram; longer ones count as an overrun
     */
    public static NetlinkSocket open(int protocol, int slots, int slotBytes) {
        SocketHandle socket = SocketHandle.open(
                SocketAddresses.AF_NETLINK, SocketHandle.SOCK_RAW, protocol, "netlink protocol " + protocol);
        try {
            socket.bind(SocketAddresses.NETLINK_BYTES, "netlink protocol " + protocol, (out, at) -> {
                SocketAddresses.putNetlink(out, at, 0);
            });
            long portId = socket.localAddress((in, at) -> in.getUnsignedIntLE(at + SENDER_PORT));
            return new NetlinkSocket(socket, new ReceiveSlab(slots, slotBytes, 0), portId);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    /** This socket's number, unsigned 32 bits: the nlmsg_pid of the events its requests cause. */
    public long portId() {
        return portId;
    }

    /** Subscribes to a multicast group by its number (not a mask), such as RTNLGRP_LINK. */
    public void join(int group) {
        socket.set(SOL_NETLINK, ADD_MEMBERSHIP, group, "NETLINK_ADD_MEMBERSHIP");
    }

    public void leave(int group) {
        socket.set(SOL_NETLINK, DROP_MEMBERSHIP, group, "NETLINK_DROP_MEMBERSHIP");
    }

    /** Error answers carry a text and the offending attribute's offset. */
    public void extendedAck(boolean on) {
        socket.set(SOL_NETLINK, EXT_ACK, on ? 1 : 0, "NETLINK_EXT_ACK");
    }

    /** Error answers do not repeat the request: 36 octets instead of 36 and the whole message. */
    public void capAck(boolean on) {
        socket.set(SOL_NETLINK, CAP_ACK, on ? 1 : 0, "NETLINK_CAP_ACK");
    }

    /** Delivery failures are reported to the sender of an event, which lets conntrack repeat the event later. */
    public void broadcastError(boolean on) {
        socket.set(SOL_NETLINK, BROADCAST_ERROR, on ? 1 : 0, "NETLINK_BROADCAST_ERROR");
    }

    /** Overruns are not reported. Only together with {@link #broadcastError}, else losses stay unseen. */
    public void noEnobufs(boolean on) {
        socket.set(SOL_NETLINK, NO_ENOBUFS, on ? 1 : 0, "NETLINK_NO_ENOBUFS");
    }

    /** The kernel checks the header of dump requests and honours the filters in it (rtnetlink). */
    public void strictChecking(boolean on) {
        socket.set(SOL_NETLINK, GET_STRICT_CHK, on ? 1 : 0, "NETLINK_GET_STRICT_CHK");
    }

    /**
     * Asks for a receive buffer, beyond net.core.rmem_max if privileged (SO_RCVBUFFORCE), else up to it.
     *
     * @return what the kernel made of it: twice the request, unless it was capped
     */
    public int receiveBuffer(int bytes) {
        return socket.receiveBuffer(bytes);
    }

    /** The receive buffer's size as the kernel counts it. */
    public int receiveBuffer() {
        return socket.receiveBuffer();
    }

    /** Asks for a send buffer: a batch must fit in it (less 32 octets). Answers what the kernel made of it. */
    public int sendBuffer(int bytes) {
        return socket.sendBuffer(bytes);
    }

    public void attachFilter(SocketFilter filter) {
        socket.attachFilter(filter);
    }

    /**
     * Sends one datagram of one or more messages to the kernel, which handles them before this call returns.
     *
     * @return its length, or a negative error number ({@code -ENOBUFS}, {@code -EMSGSIZE}, {@code -EPERM}...)
     */
    public int send(ByteBuf messages) {
        return socket.send(messages);
    }

    /**
     * Waits until there is something to receive, for programs without an event loop.
     *
     * @param timeoutMillis longest time to wait, -1 for ever
     * @return whether there is something, an overrun included; false also after an interrupting signal
     */
    public boolean awaitReadable(int timeoutMillis) {
        return socket.awaitReadable(timeoutMillis);
    }

    /**
     * Hands over what is queued, up to a budget.
     *
     * @param budget most datagrams to take; what is left keeps the descriptor readable
     * @return how many datagrams came, or {@link #OVERRUN} when the kernel dropped some (now or before these)
     */
    public int receive(DatagramHandler handler, int budget) {
        boolean complete = true;
        slab.begin(budget);
        while (slab.next(socket)) {
            if (slab.memory().getIntLE(slab.name() + SENDER_PORT) != 0) {
                foreign++;
            } else if (slab.isTruncated()) {
                truncated++;
                complete = false;
            } else {
                handler.onDatagram(slab.payload());
            }
        }
        if (slab.errno() == Errno.ENOBUFS) {
            overruns++;
            complete = false;
        }
        return complete ? slab.taken() : OVERRUN;
    }

    /** How often the kernel reported lost messages. */
    public long overruns() {
        return overruns;
    }

    /** Datagrams longer than a slot, dropped; {@link #receive} answered {@link #OVERRUN}. */
    public long truncated() {
        return truncated;
    }

    /** Datagrams of other processes, dropped. */
    public long foreign() {
        return foreign;
    }

    @Override
    public void close() {
        socket.close();
        slab.close();
    }
}
