// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.nftables;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.socket.NetlinkSocket;
import io.netty.buffer.ByteBuf;

/**
 * Changes nf_tables of the network namespace it was opened in. Tables that were added as owned vanish when this is closed,
 * or its process ends.
 *
 * <p>Needs CAP_NET_ADMIN. Confined to one thread.
 */
public final class Nftables implements AutoCloseable {
    private static final int BATCH_BEGIN = 0x10;
    private static final int BATCH_END = 0x11;
    private static final int SUBSYSTEM = 10;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_HEADER = 16;
    private static final int REQUEST_BYTES = 256 * 1024;
    private static final int BUDGET = 1024;

    private final NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETFILTER);
    private final ByteBuf request = NativeMemory.allocate(REQUEST_BYTES);
    private int sequence;

    private Nftables() {
        try {
            socket.capAck(true);
            socket.receiveBuffer(REQUEST_BYTES);
            socket.sendBuffer(REQUEST_BYTES);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Opens in the calling thread's network namespace. */
    public static Nftables open() {
        return new Nftables();
    }

    /**
     * How a transaction ended.
     *
     * @param errno 0, or why nothing of it took effect; EOPNOTSUPP or ENOENT also if the kernel lacks an expression
     * @param step what failed, empty if nothing did
     */
    public record Outcome(int errno, String step) {
        public boolean succeeded() {
            return errno == 0;
        }

        @Override
        public String toString() {
            return succeeded() ? "done" : step + ": " + Errno.describe(errno);
        }
    }

    /** Starts a transaction; the one before is forgotten. */
    public Transaction begin() {
        request.clear();
        new MessageWriter(request).begin(BATCH_BEGIN, 0, sequence, 0, SUBSYSTEM).end();
        return new Transaction(request, sequence);
    }

    /** Makes the changes of the transaction that was begun last. */
    public Outcome commit(Transaction transaction) {
        int count = transaction.steps().size();
        sequence = transaction.firstSequence() + count + 1;
        transaction.writer().begin(BATCH_END, 0, sequence, 0, SUBSYSTEM).end();
        sequence++;
        int sent = socket.send(request);
        if (sent < 0) {
            throw new LinuxException("send(nf_tables)", -sent);
        }
        int[] failed = {0, -1};
        int[] answers = {0};
        // The kernel has answered before send returns; what was refused as a whole has one answer without a number of
        // ours.
        int received = socket.receive(
                datagram -> answers[0] += read(datagram, transaction.firstSequence() + 1, count, failed), BUDGET);
        if (received == NetlinkSocket.OVERRUN) {
            throw new LinuxException("recv(nf_tables)", Errno.ENOBUFS, "answers were lost");
        }
        if (failed[0] != 0) {
            return new Outcome(
                    failed[0], failed[1] < 0 ? "commit" : transaction.steps().get(failed[1]));
        }
        return answers[0] == count ? new Outcome(0, "") : new Outcome(Errno.EIO, "commit");
    }

    /** Reads answers: the first error wins, one of a step over one of the whole. Answers how many steps were answered. */
    private static int read(ByteBuf in, int first, int count, int[] failed) {
        int answered = 0;
        int at = in.readerIndex();
        while (at + NLMSG_HEADER + Integer.BYTES <= in.writerIndex()) {
            int length = in.getIntLE(at);
            if (length < NLMSG_HEADER + Integer.BYTES || at + length > in.writerIndex()) {
                break;
            }
            if (in.getUnsignedShortLE(at + 4) == NLMSG_ERROR) {
                int step = in.getIntLE(at + 8) - first;
                boolean ofStep = step >= 0 && step < count;
                int errno = -in.getIntLE(at + NLMSG_HEADER);
                answered += ofStep ? 1 : 0;
                if (errno != 0 && (failed[0] == 0 || (failed[1] < 0 && ofStep))) {
                    failed[0] = errno;
                    failed[1] = ofStep ? step : -1;
                }
            }
            at += (length + 3) & ~3;
        }
        return answered;
    }

    @Override
    public void close() {
        socket.close();
        if (request.refCnt() > 0) {
            request.release();
        }
    }
}
