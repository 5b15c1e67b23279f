// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.process;

import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.socket.DatagramHandler;
import io.keepstate.linux.socket.NetlinkSocket;
import io.keepstate.linux.socket.Pollable;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * The kernel's events of all processes of the machine (the proc connector): began, runs another program, has another name,
 * ended. Threads are left out.
 *
 * <p>The kernel sends them only in its first network, process and user namespace, and to holders of CAP_NET_ADMIN. Confined
 * to one thread. Source: {@code include/uapi/linux/cn_proc.h}, {@code connector.h}.
 */
public final class ProcessEvents implements Pollable, AutoCloseable {
    /** Answer of {@link #receive}: events were lost, so the processes must be listed again. */
    public static final int OVERRUN = NetlinkSocket.OVERRUN;

    private static final int CN_IDX_PROC = 1;
    private static final int CN_VAL_PROC = 1;
    private static final int PROC_CN_MCAST_LISTEN = 1;
    private static final int NLMSG_DONE = 3;

    /** Octets of struct nlmsghdr, then of struct cn_msg, then {what, cpu, timestamp} of struct proc_event. */
    private static final int CN_MSG = 16;

    private static final int EVENT = CN_MSG + 20;
    private static final int EVENT_DATA = EVENT + 16;
    private static final int REQUEST_BYTES = EVENT + 4;

    private static final int EVENT_NONE = 0;
    private static final int EVENT_FORK = 0x1;
    private static final int EVENT_EXEC = 0x2;
    private static final int EVENT_COMM = 0x200;
    private static final int EVENT_EXIT = 0x80000000;

    private static final int SLOTS = 64;
    private static final int SLOT_BYTES = 256;
    private static final int RECEIVE_BUFFER = 1 << 20;
    private static final int ANSWER_MILLIS = 200;
    private static final int BUDGET = 256;

    /** Told of each change, with the number of the process. */
    public interface Handler {
        /** It was made, runs another program, or has another name: look at it. */
        void onChanged(int pid);

        /** It ended. */
        void onEnded(int pid);
    }

    private final NetlinkSocket socket;
    private final DatagramHandler events = this::onDatagram;
    private Handler handler = NOBODY;
    private boolean answered;

    private static final Handler NOBODY = new Handler() {
        @Override
        public void onChanged(int pid) {}

        @Override
        public void onEnded(int pid) {}
    };

    private ProcessEvents(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Subscribes; empty where the kernel does not send these events. Takes up to 200 ms to find that out. */
    public static Optional<ProcessEvents> open() {
        ProcessEvents events;
        try {
            events = new ProcessEvents(NetlinkSocket.open(NetlinkSocket.CONNECTOR, SLOTS, SLOT_BYTES));
        } catch (LinuxException noConnector) {
            return Optional.empty();
        }
        if (events.subscribe()) {
            return Optional.of(events);
        }
        events.close();
        return Optional.empty();
    }

    private boolean subscribe() {
        ByteBuf request = NativeMemory.allocate(REQUEST_BYTES);
        try {
            socket.receiveBuffer(RECEIVE_BUFFER);
            socket.join(CN_IDX_PROC);
            request.writeIntLE(REQUEST_BYTES).writeShortLE(NLMSG_DONE).writeShortLE(0);
            request.writeIntLE(0).writeIntLE((int) socket.portId());
            request.writeIntLE(CN_IDX_PROC).writeIntLE(CN_VAL_PROC).writeLongLE(0);
            request.writeShortLE(Integer.BYTES).writeShortLE(0).writeIntLE(PROC_CN_MCAST_LISTEN);
            if (socket.send(request) < 0) {
                return false;
            }
        } catch (LinuxException refused) {
            return false;
        } finally {
            request.release();
        }
        // In another namespace than the first the kernel takes the request and does not answer.
        long end = System.nanoTime() + ANSWER_MILLIS * 1_000_000L;
        while (!answered && System.nanoTime() - end < 0 && socket.awaitReadable(ANSWER_MILLIS)) {
            socket.receive(events, BUDGET);
        }
        return answered;
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    /**
     * Hands over what is queued.
     *
     * @return how many events, or {@link #OVERRUN}
     */
    public int receive(Handler told) {
        handler = told;
        try {
            return socket.receive(events, BUDGET);
        } finally {
            handler = NOBODY;
        }
    }

    private void onDatagram(ByteBuf message) {
        int at = message.readerIndex();
        if (message.readableBytes() < EVENT_DATA + 2 * Integer.BYTES || message.getIntLE(at + CN_MSG) != CN_IDX_PROC) {
            return;
        }
        int what = message.getIntLE(at + EVENT);
        int first = message.getIntLE(at + EVENT_DATA);
        int second = message.getIntLE(at + EVENT_DATA + Integer.BYTES);
        switch (what) {
            case EVENT_NONE -> answered |= first == 0;
            case EVENT_FORK -> {
                if (message.readableBytes() >= EVENT_DATA + 4 * Integer.BYTES) {
                    int child = message.getIntLE(at + EVENT_DATA + 2 * Integer.BYTES);
                    if (child == message.getIntLE(at + EVENT_DATA + 3 * Integer.BYTES)) {
                        handler.onChanged(child);
                    }
                }
            }
            case EVENT_EXEC, EVENT_COMM -> {
                if (first == second || what == EVENT_EXEC) {
                    handler.onChanged(second);
                }
            }
            case EVENT_EXIT -> {
                if (first == second) {
                    handler.onEnded(first);
                }
            }
            default -> {
                // Other users, sessions and the like do not concern anybody here.
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
