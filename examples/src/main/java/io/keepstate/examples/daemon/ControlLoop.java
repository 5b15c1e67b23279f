// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.control.ControlAccess;
import io.keepstate.examples.control.ControlEvent;
import io.keepstate.examples.control.ControlHandler;
import io.keepstate.examples.control.ControlLimits;
import io.keepstate.examples.control.ControlServer;
import io.keepstate.examples.control.ControlSocketException;
import io.keepstate.examples.control.Descriptors;
import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.loop.Registration;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The thread of the control socket, of normal priority: it formats long texts and waits for the sync loop's slices,
 * which the loops themselves must never do for a client.
 */
final class ControlLoop implements DutyCycle, Descriptors, Executor, AutoCloseable {
    private static final long PATIENCE_MILLIS = 2_000;

    private final EventLoop loop;
    private final Map<Integer, Registration> registrations = new HashMap<>();
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private @Nullable ControlServer server;

    private ControlLoop() {
        loop = new EventLoop("control", this, (part, consecutive, last) -> {});
        thread = new Thread(loop::run, "control");
        thread.setDaemon(true);
    }

    /** Opens the socket and starts the thread; the handler is made with what runs things on it. */
    static ControlLoop start(Path socket, ControlAccess access, Function<ControlLoop, ControlHandler> handler)
            throws ControlSocketException {
        ControlLoop control = new ControlLoop();
        try {
            control.server = ControlServer.open(socket, handler.apply(control), control, ControlLimits.DEFAULT, access);
        } finally {
            if (control.server == null) {
                control.loop.close();
            }
        }
        control.thread.start();
        return control;
    }

    /** How often something happened on the socket; from any thread. */
    long count(ControlEvent event) {
        ControlServer open = server;
        return open == null ? 0 : open.count(event);
    }

    @Override
    public void execute(Runnable command) {
        commands.add(command);
        loop.wakeUp();
    }

    @Override
    public int doWork(long nowNanos) {
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
        return server == null ? 0 : server.doWork(nowNanos);
    }

    @Override
    public long nextDeadline() {
        return server == null ? Long.MAX_VALUE : server.nextDeadline();
    }

    @Override
    public void watch(int fd, boolean forWriting) {
        int interest = forWriting ? Readiness.WRITE : Readiness.READ;
        Registration known = registrations.get(fd);
        if (known == null) {
            // The duty cycle runs after every turn and tries all clients: nothing to do here.
            registrations.put(fd, loop.register(fd, "control client", interest, 0, (readiness, now) -> 0));
        } else {
            known.interest(interest);
        }
    }

    @Override
    public void forget(int fd) {
        Registration known = registrations.remove(fd);
        if (known != null) {
            known.close();
        }
    }

    @Override
    public boolean isHungUp(int fd) {
        return Readiness.isHungUp(fd);
    }

    /** Ends the connections of those who asked for the end, after {@link #close}. */
    void farewell() {
        if (server != null) {
            server.farewell();
        }
    }

    /** Ends the thread and removes the socket. */
    @Override
    public void close() {
        loop.stop();
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (server != null) {
            server.close();
        }
        // What a running thread waits on must not be freed under it; it ends with the process.
        if (!thread.isAlive()) {
            loop.close();
        }
    }
}
