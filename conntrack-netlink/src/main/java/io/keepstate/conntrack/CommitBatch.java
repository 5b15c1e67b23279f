// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.conntrack.codec.ConntrackDecoder;
import io.keepstate.conntrack.codec.ConntrackEncoder;
import io.keepstate.conntrack.codec.MessageKind;
import io.keepstate.conntrack.codec.NatMapping;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.socket.DatagramHandler;
import io.keepstate.linux.socket.NetlinkSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The requests of one system call and the answers to them.
 *
 * <p>The last request asks for an acknowledgement: when it, or an error in its place, has come, every error of the
 * batch has come before it, and what was not answered succeeded. If answers were lost (ENOBUFS, or the deadline
 * passed) only what was answered is known; the rest must be asked again.
 */
final class CommitBatch {
    /** Batches after a loss; doubles back up to the limit with each complete one. */
    private static final int SMALLEST = 16;

    private static final int RECEIVE_BUDGET = 4096;

    private final CommandChannel channel;
    private final ConntrackEncoder encoder;
    private final ConntrackDecoder decoder = new ConntrackDecoder();
    private final DatagramHandler onDatagram = this::onDatagram;
    private final ByteBuf requests;
    private final int limit;
    private final long answerNanos;
    private List<PendingWrite> writes = new ArrayList<>();
    private List<PendingWrite> answered = new ArrayList<>();
    private List<PendingWrite> unanswered = new ArrayList<>();
    private final boolean[] hasAnswer;
    private int limitNow;
    private int firstSequence = 1;
    private boolean barrier;
    private long deadline;
    private long lost;

    CommitBatch(CommandChannel channel, ConntrackEncoder encoder, int limit, long answerNanos) {
        this.channel = channel;
        this.encoder = encoder;
        this.limit = limit;
        this.limitNow = limit;
        this.answerNanos = answerNanos;
        this.hasAnswer = new boolean[limit];
        int octets = limit * ConntrackEncoder.MAX_MESSAGE_OCTETS;
        this.requests = Unpooled.directBuffer(octets, octets);
    }

    boolean isEmpty() {
        return writes.isEmpty();
    }

    int size() {
        return writes.size();
    }

    long deadline() {
        return deadline;
    }

    long lostBatches() {
        return lost;
    }

    /** Adds a write; false when the batch is full with it. */
    boolean add(PendingWrite write) {
        writes.add(write);
        return writes.size() < limitNow;
    }

    /**
     * Sends what was added.
     *
     * @return 0, or the error number for which nothing was sent; the writes then have their answer or wait
     */
    int send(long nowNanos) {
        requests.clear();
        barrier = false;
        int last = writes.size() - 1;
        for (int i = 0; i <= last; i++) {
            PendingWrite write = writes.get(i);
            write.attempts++;
            write.errno = 0;
            write.answer = null;
            hasAnswer[i] = false;
            encode(write, firstSequence + i, i == last);
        }
        int result = channel.send(requests);
        if (result >= 0) {
            deadline = nowNanos + answerNanos;
            return 0;
        }
        return onSendFailure(-result);
    }

    private int onSendFailure(int errno) {
        boolean temporary = errno == Errno.ENOBUFS || errno == Errno.EAGAIN || errno == Errno.ENOMEM;
        if (temporary || (errno == Errno.EMSGSIZE && limitNow > 1)) {
            limitNow = Math.max(1, limitNow / 2);
            unanswered.addAll(writes);
        } else {
            for (PendingWrite write : writes) {
                write.errno = errno;
                answered.add(write);
            }
        }
        writes.clear();
        return errno;
    }

    private void encode(PendingWrite write, int sequence, boolean ack) {
        Flow flow = write.flow;
        switch (write.step) {
            case CREATE -> encoder.create(requests, sequence, ack, flow, write.timeoutSeconds);
            case LOOK_BY_ORIGINAL -> encoder.get(requests, sequence, ack, flow.key());
            case LOOK_BY_REPLY ->
                encoder.getByReply(requests, sequence, ack, NatMapping.translatedReply(flow), replyZone(flow));
            case UPDATE_FOUND ->
                encoder.update(
                        requests, sequence, ack, write.update(), write.updateTimeoutSeconds(), write.currentStatus());
            case DELETE_FOUND -> encoder.delete(requests, sequence, ack, write.victim());
            case DELETE -> encoder.delete(requests, sequence, ack, flow);
        }
    }

    private static int replyZone(Flow flow) {
        return (int) flow.get(flow.has(Attribute.ZONE) ? Attribute.ZONE : Attribute.ZONE_REPLY);
    }

    /**
     * Reads answers. True when the batch is settled: {@link #takeAnswered} and {@link #takeUnanswered} have its
     * writes, and it is empty.
     */
    boolean collect(long nowNanos) {
        boolean overrun = false;
        int received;
        do {
            received = channel.receive(onDatagram, RECEIVE_BUDGET);
            overrun |= received == NetlinkSocket.OVERRUN;
        } while (received == NetlinkSocket.OVERRUN || (received > 0 && !barrier));
        if (!barrier && !overrun && nowNanos - deadline < 0) {
            return false;
        }
        split(barrier && !overrun);
        return true;
    }

    private void split(boolean complete) {
        if (complete) {
            limitNow = Math.min(limit, limitNow * 2);
        } else {
            lost++;
            limitNow = Math.max(Math.min(SMALLEST, limit), limitNow / 2);
        }
        for (int i = 0; i < writes.size(); i++) {
            (complete || hasAnswer[i] ? answered : unanswered).add(writes.get(i));
        }
        // Answers that come later still must not fit a later batch.
        firstSequence += writes.size();
        writes.clear();
    }

    private void onDatagram(ByteBuf datagram) {
        decoder.begin(datagram);
        while (decoder.next()) {
            int index = decoder.sequence() - firstSequence;
            if (index >= 0 && index < writes.size()) {
                onMessage(index, writes.get(index));
            }
        }
    }

    private void onMessage(int index, PendingWrite write) {
        MessageKind kind = decoder.kind();
        switch (kind) {
            case ACK, ERROR -> {
                write.errno = decoder.errno();
                hasAnswer[index] = true;
                barrier |= index == writes.size() - 1;
            }
            case UPDATE, NEW -> {
                write.answer = decoder.flow();
                hasAnswer[index] = true;
            }
            default -> {
                // counted by the decoder; without an answer the write is asked again
            }
        }
    }

    /** Writes whose answer is in them; the list is valid until the next call. */
    List<PendingWrite> takeAnswered() {
        List<PendingWrite> taken = answered;
        answered = new ArrayList<>();
        return taken;
    }

    /** Writes whose answers were lost or that were not sent. */
    List<PendingWrite> takeUnanswered() {
        List<PendingWrite> taken = unanswered;
        unanswered = new ArrayList<>();
        return taken;
    }

    void abandon(Deque<PendingWrite> to) {
        to.addAll(writes);
        firstSequence += writes.size();
        writes = new ArrayList<>();
    }

    void rehearse(Flow flow, long timeoutSeconds) {
        if (isEmpty()) {
            requests.clear();
            encoder.create(requests, 0, false, flow, timeoutSeconds);
            requests.clear();
        }
    }

    void close() {
        if (requests.refCnt() > 0) {
            requests.release();
        }
    }
}
