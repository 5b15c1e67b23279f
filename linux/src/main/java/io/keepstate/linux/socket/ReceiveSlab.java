// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LibC;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;

/**
 * The memory one {@code recvmmsg} fills: headers, source addresses and ancillary data in one direct buffer, each payload
 * in one of its own (reading a slice costs twice as much), laid out once per socket and reused for each batch; and the
 * walk over the datagrams of a batch.
 *
 * <p>Source: {@code struct mmsghdr}, {@code msghdr}, {@code iovec} of {@code include/linux/socket.h}, 64-bit layout.
 */
final class ReceiveSlab implements AutoCloseable {
    static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;

    private static final int HEADER_BYTES = 64;
    private static final int IOVEC_BYTES = 16;
    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int IOV = 16;
    private static final int IOV_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int LENGTH = 56;

    private final LibC libc = CLibrary.libc();
    private final ByteBuf memory;
    private final ByteBuf[] payloads;
    private final int slots;
    private final int controlBytes;
    private final int names;
    private final int controls;
    private int requested;
    private int filled;
    private int slot = -1;
    private int budget;
    private int taken;
    private int errno;

    ReceiveSlab(int slots, int slotBytes, int controlBytes) {
        if (slots < 1 || slots > 1024 || slotBytes < 1 || (long) slots * slotBytes > 64 << 20) {
            throw new IllegalArgumentException(
                    slots + " slots of " + slotBytes + " octets; at most 1024 slots and 64 MiB together");
        }
        this.slots = slots;
        this.controlBytes = controlBytes;
        int iovecs = slots * HEADER_BYTES;
        this.names = iovecs + slots * IOVEC_BYTES;
        this.controls = names + slots * SocketAddresses.BYTES;
        this.memory = NativeMemory.allocate(controls + slots * controlBytes);
        this.payloads = new ByteBuf[slots];
        long base = memory.memoryAddress();
        for (int i = 0; i < slots; i++) {
            int header = i * HEADER_BYTES;
            int iovec = iovecs + i * IOVEC_BYTES;
            memory.setLongLE(header + NAME, base + names + (long) i * SocketAddresses.BYTES);
            memory.setLongLE(header + IOV, base + iovec);
            memory.setLongLE(header + IOV_COUNT, 1);
            memory.setLongLE(header + CONTROL, controlBytes == 0 ? 0 : base + controls + (long) i * controlBytes);
            payloads[i] = NativeMemory.allocate(slotBytes);
            memory.setLongLE(iovec, payloads[i].memoryAddress());
            memory.setLongLE(iovec + 8, slotBytes);
        }
    }

    /** Starts a receive of at most {@code limit} datagrams, among them those an earlier one left unread. */
    void begin(int limit) {
        budget = limit;
        taken = 0;
        errno = 0;
    }

    /**
     * Goes to the next datagram, reading a batch from the kernel when the last is used up. A handler that throws loses
     * only the datagram it was given: the rest of its batch comes first next time.
     *
     * @return whether there is one; if not, {@link #errno} says why
     */
    boolean next(SocketHandle socket) {
        if (taken >= budget || (slot + 1 >= filled && !fill(socket))) {
            return false;
        }
        slot++;
        taken++;
        return true;
    }

    private boolean fill(SocketHandle socket) {
        if (filled > 0 && filled < requested && taken > 0) {
            // The kernel had less than was asked for: the queue was empty, epoll tells of more.
            filled = 0;
            slot = -1;
            return false;
        }
        slot = -1;
        filled = 0;
        requested = Math.min(budget - taken, slots);
        rearm(requested);
        int received = libc.recvmmsg(socket.fd(), memory.memoryAddress(), requested, MSG_DONTWAIT, 0);
        if (received > 0) {
            filled = received;
            return true;
        }
        int reason = received == 0 ? 0 : CLibrary.errno();
        switch (reason) {
            case Errno.EBADF, Errno.EFAULT, Errno.EINVAL, Errno.ENOTSOCK ->
                throw new LinuxException("recvmmsg", reason);
            case Errno.EAGAIN, Errno.EINTR -> {
                return false;
            }
            default -> {
                errno = reason;
                return false;
            }
        }
    }

    /** Datagrams gone to since {@link #begin}. */
    int taken() {
        return taken;
    }

    /** What the network left on the socket, 0 if only the queue or the budget ended. */
    int errno() {
        return errno;
    }

    /** The current datagram, valid until {@link #next}. */
    ByteBuf payload() {
        ByteBuf payload = payloads[slot];
        return payload.setIndex(0, Math.min(memory.getIntLE(slot * HEADER_BYTES + LENGTH), payload.capacity()));
    }

    /** Whether the current datagram was longer than its slot. */
    boolean isTruncated() {
        return (memory.getIntLE(slot * HEADER_BYTES + FLAGS) & MSG_TRUNC) != 0;
    }

    /** What is not payload, for reading names and ancillary data. */
    ByteBuf memory() {
        return memory;
    }

    /** Offset of the current datagram's source address. */
    int name() {
        return names + slot * SocketAddresses.BYTES;
    }

    /** Offset of the current datagram's ancillary data. */
    int control() {
        return controls + slot * controlBytes;
    }

    int controlLength() {
        return (int) memory.getLongLE(slot * HEADER_BYTES + CONTROL_LENGTH);
    }

    /** The kernel overwrites the lengths with what it filled in. */
    private void rearm(int count) {
        for (int i = 0; i < count; i++) {
            int header = i * HEADER_BYTES;
            memory.setIntLE(header + NAME_LENGTH, SocketAddresses.BYTES);
            memory.setLongLE(header + CONTROL_LENGTH, controlBytes);
            memory.setIntLE(header + FLAGS, 0);
        }
    }

    @Override
    public void close() {
        if (memory.refCnt() > 0) {
            // A handler may close its socket: the walk it is called from ends here.
            filled = 0;
            slot = -1;
            budget = taken;
            memory.release();
            for (ByteBuf payload : payloads) {
                payload.release();
            }
        }
    }
}
