// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.socket.NetlinkSocket;
import io.netty.buffer.ByteBuf;

/**
 * Requests to rtnetlink and their answers. The kernel handles a request before send returns, so that its answer is
 * already there; the wait exists for dumps that continue and is bounded.
 */
final class RouteChannel implements AutoCloseable {
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_DUMP_INTR = 0x10;
    private static final int NLM_F_CAPPED = 0x100;
    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;

    private static final int REQUEST_BYTES = 64 * 1024;
    private static final int WAIT_MILLIS = 2_000;
    private static final int BUDGET = 64;
    private static final int DUMP_ATTEMPTS = 10;

    private final NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE);
    private final ByteBuf request = NativeMemory.allocate(REQUEST_BYTES);
    private final RequestWriter writer = new RequestWriter(request);
    private int sequence;

    RouteChannel() {
        try {
            socket.extendedAck(true);
            socket.capAck(true);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    long portId() {
        return socket.portId();
    }

    /** Starts a datagram with its first message. */
    RequestWriter begin(int type, int flags) {
        request.clear();
        return next(type, flags);
    }

    /** A further message in the same datagram. */
    RequestWriter next(int type, int flags) {
        return writer.begin(type, flags, ++sequence);
    }

    /** Sends what was written, one acknowledged message, and waits: 0 or an error number, and its text. */
    Answer request() {
        int[] errors = {-1};
        String[] text = {""};
        request(1, (index, errno, detail) -> {
            errors[0] = errno;
            text[0] = detail;
        });
        return new Answer(errors[0], text[0]);
    }

    /** Sends what was written, {@code count} acknowledged messages, and hands over each one's answer. */
    void request(int count, AnswerHandler handler) {
        int first = sequence - count + 1;
        int[] open = {count};
        send();
        while (open[0] > 0) {
            receive((in, type, at, end) -> {
                int index = in.getIntLE(at + 8) - first;
                if (type == NLMSG_ERROR && index >= 0 && index < count) {
                    open[0]--;
                    handler.onAnswer(index, -in.getIntLE(at + RouteMessages.NLMSG_HEADER), text(in, at, end));
                }
            });
        }
    }

    /** Sends a request for one object; answers 0 or an error number. */
    int get(RouteMessages.MessageHandler handler) {
        int[] errno = {-1};
        send();
        while (errno[0] < 0) {
            receive((in, type, at, end) -> {
                if (in.getIntLE(at + 8) != sequence) {
                    return;
                }
                if (type == NLMSG_ERROR) {
                    errno[0] = -in.getIntLE(at + RouteMessages.NLMSG_HEADER);
                } else {
                    handler.onMessage(in, type, at, end);
                    errno[0] = 0;
                }
            });
        }
        return errno[0];
    }

    /** Sends a dump request and hands over all parts; a dump that changed under way starts again after {@code reset}. */
    void dump(int type, RequestBody body, Runnable reset, RouteMessages.MessageHandler handler) {
        for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            reset.run();
            body.write(begin(type, RequestWriter.NLM_F_DUMP)).end();
            if (dumpOnce(handler)) {
                return;
            }
        }
        throw new LinuxException(
                "rtnetlink dump", Errno.EAGAIN, "it changed during each of " + DUMP_ATTEMPTS + " reads");
    }

    private boolean dumpOnce(RouteMessages.MessageHandler handler) {
        boolean[] done = {false};
        boolean[] interrupted = {false};
        send();
        while (!done[0]) {
            receive((in, type, at, end) -> {
                if (in.getIntLE(at + 8) != sequence) {
                    return;
                }
                interrupted[0] |= (in.getUnsignedShortLE(at + 6) & NLM_F_DUMP_INTR) != 0;
                if (type == NLMSG_DONE) {
                    done[0] = true;
                } else if (type == NLMSG_ERROR) {
                    throw new LinuxException("rtnetlink dump", -in.getIntLE(at + RouteMessages.NLMSG_HEADER));
                } else {
                    handler.onMessage(in, type, at, end);
                }
            });
        }
        return !interrupted[0];
    }

    private void send() {
        int sent = socket.send(request);
        if (sent < 0) {
            throw new LinuxException("send(rtnetlink)", -sent);
        }
    }

    private void receive(RouteMessages.MessageHandler handler) {
        int count = socket.receive(datagram -> RouteMessages.forEach(datagram, handler), BUDGET);
        if (count == NetlinkSocket.OVERRUN) {
            throw new LinuxException("recv(rtnetlink)", Errno.ENOBUFS, "answers were lost");
        }
        if (count == 0 && !socket.awaitReadable(WAIT_MILLIS)) {
            throw new LinuxException("recv(rtnetlink)", Errno.ETIMEDOUT, "no answer within " + WAIT_MILLIS + " ms");
        }
    }

    /** The kernel's own words about an error, behind the copy of the request's header (or of all of it). */
    private static String text(ByteBuf in, int at, int end) {
        int flags = in.getUnsignedShortLE(at + 6);
        if ((flags & NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        int copy = at + RouteMessages.NLMSG_HEADER + Integer.BYTES;
        int copied = (flags & NLM_F_CAPPED) != 0 ? RouteMessages.NLMSG_HEADER : in.getIntLE(copy);
        Attributes attributes = new Attributes(in, copy + ((copied + 3) & ~3), end);
        while (attributes.advance()) {
            if (attributes.type() == NLMSGERR_ATTR_MSG) {
                return attributes.text();
            }
        }
        return "";
    }

    @Override
    public void close() {
        socket.close();
        if (request.refCnt() > 0) {
            request.release();
        }
    }

    /** How one request ended: 0 or an error number, and the kernel's words about it, often none. */
    record Answer(int errno, String text) {}

    /** Writes what follows a message's header. */
    interface RequestBody {
        RequestWriter write(RequestWriter message);
    }

    /** Takes the answer to the message at an index of the datagram. */
    interface AnswerHandler {
        void onAnswer(int index, int errno, String text);
    }
}
