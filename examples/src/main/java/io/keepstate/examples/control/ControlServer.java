// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

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

/**
 * conntrackd's control socket: a client sends one number and reads text until the end. Nothing here blocks: a client
 * that is slow, silent or malicious costs one bounded buffer until its time is over.
 *
 * <p>All calls belong to one thread, that of the event loop; {@link #count} may be read from any.
 */
public final class ControlServer implements AutoCloseable {
    private static final int BACKLOG = 100; // conntrackd's own, whatever Backlog says

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
        int work = accept(nowNanos);
        for (Iterator<ControlConnection> i = connections.iterator(); i.hasNext(); ) {
            ControlConnection connection = i.next();
            work += connection.doWork(nowNanos);
            if (connection.isClosed()) {
                i.remove();
            }
        }
        return work;
    }

    /** When {@link #doWork} must run though no descriptor is ready. */
    public long nextDeadline() {
        long next = Long.MAX_VALUE;
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
        while (accepted < BACKLOG) {
            UnixSocketChannel client;
            try {
                client = channel.accept();
                if (client == null) {
                    return accepted;
                }
                accepted++;
                welcome(client, nowNanos);
            } catch (IOException goneAgain) {
                countUp(ControlEvent.CLIENT_GONE);
                return accepted;
            }
        }
        return accepted;
    }

    private void welcome(UnixSocketChannel client, long nowNanos) throws IOException {
        if (connections.size() >= limits.clients()) {
            countUp(ControlEvent.TOO_MANY_CLIENTS);
            client.close();
            return;
        }
        Credentials peer = client.getOption(UnixSocketOptions.SO_PEERCRED);
        if (!access.admits(peer.getUid(), peer.getGid(), peer.getPid())) {
            countUp(ControlEvent.REFUSED_USER);
            client.close();
            return;
        }
        client.configureBlocking(false);
        countUp(ControlEvent.ACCEPTED);
        connections.add(new ControlConnection(this, client, handler, descriptors, limits, nowNanos));
    }

    void countUp(ControlEvent event) {
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
