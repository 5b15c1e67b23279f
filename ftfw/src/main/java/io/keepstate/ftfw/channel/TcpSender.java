// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.ftfw.link.ErrorQueue;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.loop.Registration;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.TcpConnection;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The connection we open: all we send leaves by it. What cannot leave waits in order in the error queue; on a new
 * connection a chunk that had left in part begins again (its messages that did arrive are known by their numbers).
 *
 * <p>Where conntrackd takes a write in part for the whole, and so loses the stream's framing, the rest leaves first here.
 */
final class TcpSender implements AutoCloseable {
    /** A peer that does not acknowledge for so long is gone: the connection is given up, and opened again. */
    static final Duration PATIENCE = Duration.ofSeconds(8);

    /** As conntrackd: at most one attempt in a second. */
    private static final long RETRY_NANOS = 1_000_000_000L;

    private static final long CONNECT_PATIENCE_NANOS = 5_000_000_000L;
    private static final long AT_ONCE = Long.MIN_VALUE;

    private final Endpoint destination;
    private final int sendBufferBytes;
    private final ErrorQueue queue;
    /** The peer says nothing here; reading is how its end of the connection shows. */
    private final ByteBuf unexpected = NativeMemory.allocate(512);

    private @Nullable EventLoop loop;
    private String name = "";
    private @Nullable TcpConnection connection;
    private @Nullable Registration registration;
    private boolean connected;
    private long attemptAt = AT_ONCE;
    private long attemptedAt;

    private long bytesSent;
    private long packetsSent;
    private long errors;
    private long deferred;
    private long connects;
    private long connectFailures;

    TcpSender(Endpoint destination, int sendBufferBytes, int errorQueueLength) {
        this.destination = destination;
        this.sendBufferBytes = sendBufferBytes;
        this.queue = new ErrorQueue(errorQueueLength);
    }

    void register(EventLoop some, String linkName) {
        loop = some;
        name = linkName + " (to the peer)";
    }

    /** Opens the connection when it is time, and gives up an attempt that nobody answers. */
    void doWork(long nowNanos) {
        if (connection != null && !connected && nowNanos - attemptedAt >= CONNECT_PATIENCE_NANOS) {
            attemptFailed();
        }
        if (connection == null && loop != null && nowNanos >= attemptAt) {
            attemptedAt = nowNanos;
            attemptAt = nowNanos + RETRY_NANOS;
            connect(loop);
        }
    }

    long nextDeadline() {
        if (connected || loop == null) {
            return Long.MAX_VALUE;
        }
        return connection == null ? attemptAt : attemptedAt + CONNECT_PATIENCE_NANOS;
    }

    private void connect(EventLoop on) {
        TcpConnection opening = TcpConnection.connect(destination, sendBufferBytes);
        if (opening.refused() != 0) {
            opening.close();
            connectFailures++;
            return;
        }
        connection = opening;
        registration = on.register(opening, name, Readiness.WRITE, (readiness, now) -> onReady(opening, readiness));
    }

    private int onReady(TcpConnection ready, int readiness) {
        if (!connected) {
            if (ready.finishConnect() != 0) {
                attemptFailed();
                return 1;
            }
            ready.giveUpAfter(PATIENCE);
            connected = true;
            connects++;
        } else if ((readiness & ~Readiness.WRITE) != 0 && hasEnded(ready)) {
            disconnect();
            return 1;
        }
        flush(ready);
        return 1;
    }

    private void attemptFailed() {
        connectFailures++;
        disconnect();
    }

    private boolean hasEnded(TcpConnection ready) {
        int read = ready.receive(unexpected.clear());
        return read <= 0 && read != -Errno.EAGAIN && read != -Errno.EINTR;
    }

    /** Takes a chunk; false only while a peer that is connected reads more slowly than we send. */
    boolean send(ByteBuf chunk) {
        TcpConnection to = connection;
        if (to == null || !connected) {
            queue.add(chunk);
            return true;
        }
        if (!flush(to)) {
            if (connected) {
                deferred++;
                return false;
            }
            queue.add(chunk);
            return true;
        }
        int sent = to.send(chunk);
        if (sent == chunk.readableBytes()) {
            count(sent);
        } else if (sent >= 0) {
            keepRest(chunk, sent);
        } else if (sent == -Errno.EAGAIN || sent == -Errno.EINTR) {
            awaitRoom();
            deferred++;
            return false;
        } else {
            errors++;
            disconnect();
            queue.add(chunk);
        }
        return true;
    }

    private void keepRest(ByteBuf chunk, int sent) {
        queue.add(chunk);
        ByteBuf first = queue.first();
        if (first != null) {
            first.readerIndex(sent);
        }
        awaitRoom();
    }

    /** Sends what waits; false if something still does. */
    private boolean flush(TcpConnection to) {
        for (ByteBuf first = queue.first(); first != null; first = queue.first()) {
            int sent = to.send(first);
            if (sent < 0) {
                if (sent != -Errno.EAGAIN && sent != -Errno.EINTR) {
                    errors++;
                    disconnect();
                } else {
                    awaitRoom();
                }
                return false;
            }
            first.skipBytes(sent);
            if (first.isReadable()) {
                awaitRoom();
                return false;
            }
            count(first.writerIndex());
            queue.remove();
        }
        interest(Readiness.READ);
        return true;
    }

    private void count(int bytes) {
        packetsSent++;
        bytesSent += bytes;
    }

    private void awaitRoom() {
        interest(Readiness.READ | Readiness.WRITE);
    }

    private void interest(int readiness) {
        if (registration != null) {
            registration.interest(readiness);
        }
    }

    private void disconnect() {
        connected = false;
        if (registration != null) {
            registration.close();
            registration = null;
        }
        if (connection != null) {
            connection.abort();
            connection = null;
        }
        queue.rewind();
    }

    /** What waits, in the kernel too, is old by the time this link is used again. */
    void forget() {
        disconnect();
        queue.clear();
    }

    ErrorQueue queue() {
        return queue;
    }

    boolean isConnected() {
        return connected;
    }

    long bytesSent() {
        return bytesSent;
    }

    long packetsSent() {
        return packetsSent;
    }

    /** Failed writes, and chunks lost. */
    long errors() {
        return errors + queue.overflow();
    }

    long deferred() {
        return deferred;
    }

    long connects() {
        return connects;
    }

    long connectFailures() {
        return connectFailures;
    }

    @Override
    public void close() {
        if (unexpected.refCnt() > 0) {
            registration = null; // the loop is gone
            if (connection != null) {
                connection.close();
                connection = null;
            }
            connected = false;
            loop = null;
            unexpected.release();
        }
    }
}
