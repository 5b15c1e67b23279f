// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;

/**
 * Packets that leave together by one system call, in the order they were added: of hundreds of small packets the calls, and
 * waking the receiver once for each of them, are most of the cost. Allocates nothing after it was made.
 *
 * <p>What is added is not copied: it must stay as it is until {@link #send}. Belongs to one {@link RawSocket} and its thread.
 * Source: sendmmsg(2).
 */
public final class SendBatch implements AutoCloseable {
    private final SocketHandle socket;
    private final ByteBuf memory;
    private final SendMessage[] messages;
    private int size;
    private int lastErrno;

    SendBatch(SocketHandle socket, int capacity) {
        if (capacity < 1 || capacity > 1024) {
            throw new IllegalArgumentException("a batch of " + capacity + " packets; 1 to 1024 are possible");
        }
        this.socket = socket;
        int headers = capacity * SendMessage.HEADER_BYTES;
        memory = NativeMemory.allocate(headers + capacity * SendMessage.BODY_BYTES);
        messages = new SendMessage[capacity];
        for (int i = 0; i < capacity; i++) {
            messages[i] = new SendMessage(memory, i * SendMessage.HEADER_BYTES, headers + i * SendMessage.BODY_BYTES);
        }
    }

    /** Packets that wait. */
    public int size() {
        return size;
    }

    /** Whether it must be sent before another packet is added. */
    public boolean isFull() {
        return size == messages.length;
    }

    /** Adds a packet; the port is ignored. */
    public void add(ByteBuf packet, Endpoint to) {
        next(to).address(packet);
    }

    /** IPv6: adds a packet from an address by the interface that is its scope, with a hop limit of its own, 0 to 255. */
    public void add(ByteBuf packet, Endpoint to, Endpoint from, int hopLimit) {
        next(to).from(from).hopLimit(hopLimit).address(packet);
    }

    private SendMessage next(Endpoint to) {
        SendMessage message = messages[size].to(to.port() == 0 ? to : to.withPort(0));
        size++;
        return message;
    }

    /**
     * Sends all; the batch is empty then. One that the kernel refuses does not keep the others.
     *
     * @return how many it refused; {@link #lastErrno} says why
     */
    public int send() {
        int count = size;
        int refused = 0;
        // First: whatever happens now, nothing is sent twice.
        size = 0;
        for (int done = 0; done < count; ) {
            int taken = sendFrom(done, count - done);
            if (taken > 0) {
                done += taken;
            } else {
                lastErrno = -taken;
                refused++;
                done++;
            }
        }
        return refused;
    }

    /** Forgets what was added after a system call that sends none of it: for code that must be warm before it counts. */
    public void rehearse() {
        size = 0;
        int unused = sendFrom(0, 0);
    }

    /** Answers a negative error number for every failure: one packet's must not keep the others. */
    private int sendFrom(int first, int count) {
        try {
            return socket.sendMany(memory.memoryAddress() + (long) first * SendMessage.HEADER_BYTES, count);
        } catch (LinuxException e) {
            return -e.errno();
        }
    }

    /** The error number of the last packet that was refused; 0 if none was. */
    public int lastErrno() {
        return lastErrno;
    }

    @Override
    public void close() {
        if (memory.refCnt() > 0) {
            size = 0;
            memory.release();
        }
    }
}
