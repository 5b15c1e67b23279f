// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import jnr.unixsocket.Credentials;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * conntrackd's control socket: a client sends one number and reads text until the end. Nothing here blocks: a client
 * that is slow, silent or malicious costs one bounded buffer until its time is over.
 *
 * <p>All calls belong to one thread, that of the event loop; {@link #count} may be read from any.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int BACKLOG = 100; // conntrackd's own, whatever Backlog says
    private static final long NO_DESCRIPTOR_PAUSE_NANOS = 100_000_000L;

    private final Path path;
    private final @Nullable Object fileKey;
    private final UnixServerSocketChannel channel;
    private final ControlHandler handler;
    private final Descriptors descriptors;
    private final ControlLimits limits;
    private final ControlAccess access;
    private final List<ControlConnection> connections = new ArrayList<>();
    private final List<ControlConnection> waiting = new ArrayList<>();
    private final AtomicLongArray counters = new AtomicLongArray(ControlEvent.values().length);
    private boolean listening = true;
    /** When to accept again after the process had no descriptor left. */
    private long resumeNanos = Long.MAX_VALUE;

    private boolean closed;

    private ControlServer(
            Path path,
            UnixServerSocketChannel channel,
            ControlHandler handler,
            Descriptors descriptors,
            ControlLimits limits,
            ControlAccess access)
            throws IOException {
        this.path = path;
        this.channel = channel;
        this.handler = handler;
        this.descriptors = descriptors;
        this.limits = limits;
        this.fileKey = ControlSocketFile.key(path);
        this.access = access;
    }

    /**
     * Opens the socket. A socket left over by a dead daemon is replaced.
     *
     * @param access who may use it; decides the file's mode, too
     * @throws ControlSocketException if another daemon answers on the path, or the socket cannot be made there
     */
    public static ControlServer open(
            Path path, ControlHandler handler, Descriptors descriptors, ControlLimits limits, ControlAccess access)
            throws ControlSocketException {
        ControlSocketFile.clear(path);
        UnixServerSocketChannel channel = null;
        try {
            channel = UnixServerSocketChannel.open();
            channel.socket().bind(new UnixSocketAddress(path.toFile()), BACKLOG);
            access.applyTo(path);
            channel.configureBlocking(false);
            ControlServer server = new ControlServer(path, channel, handler, descriptors, limits, access);
            descriptors.watch(channel.getFD(), false);
            return server;
        } catch (IOException e) {
            closeQuietly(channel);
            throw new ControlSocketException("cannot open the control socket " + path + " (" + e.getMessage()
                    + "): check that its directory exists and may be written to, or change UNIX { Path }");
        }
    }

    /** The listening descriptor. */
    public int fd() {
        return channel.getFD();
    }

    /** How often something happened; from any thread. */
    public long count(ControlEvent event) {
        return counters.get(event.ordinal());
    }

    /** Clients connected now. */
    public int clients() {
        return connections.size();
    }

    /** Accepts, reads and writes what is possible without waiting; ends connections whose time is over. */
    public int doWork(long nowNanos) {
        if (closed) {
            return 0;
        }
        if (resumeNanos - nowNanos <= 0) {
            resumeNanos = Long.MAX_VALUE;
        }
        int work = resumeNanos == Long.MAX_VALUE ? accept(nowNanos) : 0;
        for (Iterator<ControlConnection> i = connections.iterator(); i.hasNext(); ) {
            ControlConnection connection = i.next();
            work += connection.doWork(nowNanos);
            if (connection.isClosed()) {
                i.remove();
            }
        }
        listen(hasRoom() && resumeNanos == Long.MAX_VALUE);
        return work;
    }

    private boolean hasRoom() {
        return connections.size() < limits.clients();
    }

    /** Who cannot be served yet waits in the kernel's queue, which must not keep waking the loop meanwhile. */
    private void listen(boolean wanted) {
        if (listening == wanted) {
            return;
        }
        listening = wanted;
        if (wanted) {
            descriptors.watch(channel.getFD(), false);
        } else {
            descriptors.forget(channel.getFD());
        }
    }

    /** When {@link #doWork} must run though no descriptor is ready. */
    public long nextDeadline() {
        long next = resumeNanos;
        for (ControlConnection connection : connections) {
            next = Math.min(next, connection.deadline());
        }
        return next;
    }

    /** Ends all connections and removes the socket, unless another daemon has put its own there since. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (ControlConnection connection : connections) {
            if (connection.waitsForTheEnd()) {
                connection.leaveLoop();
                waiting.add(connection);
            } else {
                connection.close();
            }
        }
        connections.clear();
        descriptors.forget(channel.getFD());
        closeQuietly(channel);
        try {
            if (Objects.equals(fileKey, ControlSocketFile.key(path))) {
                Files.deleteIfExists(path);
            }
        } catch (IOException leftBehind) {
            // Gone already, or its directory is: the next start replaces what may be left.
        }
    }

    /** Ends the connections of those who wait for the end; after {@link #close}, and after all that they wait for. */
    public void farewell() {
        waiting.forEach(ControlConnection::close);
        waiting.clear();
    }

    private int accept(long nowNanos) {
        int accepted = 0;
        // One round of the backlog at most: clients that come faster than that wait for the next turn.
        while (accepted < BACKLOG && hasRoom()) {
            UnixSocketChannel client;
            try {
                client = channel.accept();
            } catch (IOException goneAgain) {
                countUp(ControlEvent.CLIENT_GONE);
                return accepted;
            }
            if (client == null) {
                noticeExhaustion(nowNanos);
                return accepted;
            }
            accepted++;
            admit(client, nowNanos);
        }
        if (!hasRoom() && listening) {
            countUp(ControlEvent.TOO_MANY_CLIENTS);
        }
        return accepted;
    }

    /** Nobody is waiting, or there is no descriptor for who waits: the socket stays readable then (accept(2)). */
    private void noticeExhaustion(long nowNanos) {
        int errno = CLibrary.errno();
        if (errno == Errno.EMFILE || errno == Errno.ENFILE) {
            resumeNanos = nowNanos + NO_DESCRIPTOR_PAUSE_NANOS;
            if (counters.getAndIncrement(ControlEvent.NO_DESCRIPTOR.ordinal()) == 0) {
                LOG.warn(
                        "clients of the control socket must wait: the process has no descriptor left ({}); raise"
                                + " LimitNOFILE or `ulimit -n'",
                        Errno.describe(errno));
            }
        }
    }

    private void admit(UnixSocketChannel client, long nowNanos) {
        boolean welcome = false;
        try {
            welcome = welcome(client, nowNanos);
        } catch (IOException gone) {
            countUp(ControlEvent.CLIENT_GONE);
        } finally {
            if (!welcome) {
                closeQuietly(client);
            }
        }
    }

    private boolean welcome(UnixSocketChannel client, long nowNanos) throws IOException {
        Credentials peer = client.getOption(UnixSocketOptions.SO_PEERCRED);
        if (!access.admits(peer.getUid(), peer.getGid(), peer.getPid())) {
            countUp(ControlEvent.REFUSED_USER);
            return false;
        }
        client.configureBlocking(false);
        countUp(ControlEvent.ACCEPTED);
        connections.add(
                new ControlConnection(this::countUp, client, client.getFD(), handler, descriptors, limits, nowNanos));
        return true;
    }

    private void countUp(ControlEvent event) {
        counters.incrementAndGet(event.ordinal());
    }

    static void closeQuietly(@Nullable AutoCloseable channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (Exception closing) {
            // The descriptor is gone either way (close(2)).
        }
    }
}
