// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.conntrack.codec.ConntrackDecoder;
import io.keepstate.conntrack.codec.ConntrackEncoder;
import io.keepstate.conntrack.codec.StatisticsMessages;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Single requests: one message out, its answers in. The kernel has answered when the send returns. */
final class SingleRequests {
    /** Writes one request. */
    interface Request {
        void write(ByteBuf out, int sequence);
    }

    private static final int ANSWERS = 64;

    private final CommandChannel channel;
    private final ConntrackEncoder encoder;
    private final ConntrackDecoder decoder = new ConntrackDecoder();
    private final ByteBuf request = Unpooled.directBuffer(ConntrackEncoder.MAX_MESSAGE_OCTETS);
    private int sequence;
    private boolean answered;
    private int errno;
    private @Nullable Flow flow;
    private @Nullable Expectation expectation;
    private @Nullable Consumer<ConntrackDecoder> each;

    SingleRequests(CommandChannel channel, ConntrackEncoder encoder) {
        this.channel = channel;
        this.encoder = encoder;
    }

    /** Asks for a flow that cannot exist: the way it is refused tells what this kernel can do and we may. */
    void probe() {
        Tuple nothing = Tuple.ipv4(0, 0, Protocol.UDP, 0, 0);
        int error = ask((out, number) -> encoder.get(out, number, true, new FlowKey(nothing, 0)));
        switch (error) {
            case 0, Errno.ENOENT -> {
                // connection tracking answers
            }
            case Errno.EPERM ->
                throw new ConntrackUnavailableException(
                        "no right to use connection tracking: run as root or with CAP_NET_ADMIN", true);
            default ->
                throw new ConntrackUnavailableException("the kernel has no connection tracking by netlink ("
                        + Errno.describe(error) + "): load it with modprobe nf_conntrack_netlink");
        }
    }

    Optional<Flow> get(FlowKey key) {
        int error = ask((out, number) -> encoder.get(out, number, true, key));
        if (error != 0 && error != Errno.ENOENT) {
            throw new LinuxException("conntrack get", error, key.toString());
        }
        return Optional.ofNullable(flow);
    }

    /** True when the kernel did it, false when it answered {@code expected}. */
    boolean succeeds(String what, int expected, Request write) {
        int error = ask(write);
        if (error != 0 && error != expected) {
            throw new LinuxException("conntrack", error, what);
        }
        return error == 0;
    }

    /** What the last request was answered with, beside its error number. */
    @Nullable
    Flow flow() {
        return flow;
    }

    @Nullable
    Expectation expectation() {
        return expectation;
    }

    /** Sends a dump request and hands each answer over; the kernel's error number, 0 for success. */
    int dump(Request write, Consumer<ConntrackDecoder> to) {
        each = to;
        try {
            return ask(write);
        } finally {
            each = null;
        }
    }

    /** The kernel's counters, in the calling thread's network namespace. */
    StatisticsMessages statistics(BiConsumer<StatisticsMessages, ByteBuf> question) {
        sequence++;
        StatisticsMessages answers = new StatisticsMessages(sequence);
        request.clear();
        question.accept(answers, request);
        int sent = channel.send(request);
        if (sent < 0) {
            throw new LinuxException("conntrack statistics", -sent);
        }
        int received;
        do {
            received = channel.receive(answers::read, ANSWERS);
        } while (!answers.isDone() && received > 0);
        if (answers.errno() != 0) {
            throw new LinuxException("conntrack statistics", answers.errno());
        }
        return answers;
    }

    /** Sends a request; the kernel's error number, 0 for success. */
    int ask(Request write) {
        sequence++;
        answered = false;
        errno = 0;
        flow = null;
        expectation = null;
        request.clear();
        write.write(request, sequence);
        int sent = channel.send(request);
        if (sent < 0) {
            return -sent;
        }
        int received;
        do {
            received = channel.receive(this::onDatagram, ANSWERS);
        } while (!answered && received > 0);
        // One answer always fits the buffer; a kernel that gives none has nobody for this kind of request.
        return answered ? errno : Errno.ENOBUFS;
    }

    private void onDatagram(ByteBuf datagram) {
        decoder.begin(datagram);
        while (decoder.next()) {
            if (decoder.sequence() == sequence) {
                onAnswer();
            }
        }
    }

    private void onAnswer() {
        if (each != null) {
            each.accept(decoder);
        }
        switch (decoder.kind()) {
            case UPDATE, NEW -> flow = decoder.flow();
            case EXPECTATION_UPDATE, EXPECTATION_NEW -> expectation = decoder.expectation();
            case ACK, ERROR, DONE -> {
                answered = true;
                errno = decoder.errno();
            }
            default -> {
                // an answer of another kind answers nothing
            }
        }
    }

    void close() {
        if (request.refCnt() > 0) {
            request.release();
        }
    }
}
