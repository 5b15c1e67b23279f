// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.socket.SignalFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the signals that keepalived knows, but for SIGTERM and SIGINT, on a thread of its own, and does there what they
 * ask for: a reload or a dump takes its time. The launcher has blocked them before the Java machine began, so that they
 * wait for us; in a machine that was started in another way they keep their own meaning.
 */
final class SignalWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final SignalName[] WATCHED = {
        SignalName.RELOAD, SignalName.DATA, SignalName.STATS, SignalName.STATS_CLEAR, SignalName.JSON
    };
    private static final long PATIENCE_MILLIS = 2_000;
    private static final int HEXADECIMAL = 16;

    private final EventLoop loop;
    private final SignalFd signals;
    private final Thread thread;
    private final Consumer<SignalName> handler;

    private SignalWatch(SignalFd signals, Consumer<SignalName> handler) {
        this.signals = signals;
        this.handler = handler;
        this.loop = new EventLoop("signals", new Idle(), (part, consecutive, last) -> {});
        loop.register(signals, "signals", Readiness.READ, (readiness, now) -> read());
        this.thread = new Thread(loop::run, "signals");
        thread.setDaemon(true);
    }

    /** Begins to read; nothing happens if the launcher has not blocked the signals. */
    static AutoCloseable start(Consumer<SignalName> handler) {
        if (!allBlocked()) {
            LOG.info("signals for reload and dumps are not taken: start the daemon by its launcher for that");
            return () -> {};
        }
        int[] numbers = new int[WATCHED.length];
        for (int i = 0; i < WATCHED.length; i++) {
            numbers[i] = WATCHED[i].number();
        }
        SignalWatch watch = new SignalWatch(SignalFd.open(numbers), handler);
        watch.thread.start();
        return watch;
    }

    /** Whether the process was started with all of them blocked: its first thread tells (proc(5), SigBlk). */
    static boolean allBlocked() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("SigBlk:")) {
                    long mask = Long.parseUnsignedLong(
                            line.substring("SigBlk:".length()).strip(), HEXADECIMAL);
                    return blocks(mask);
                }
            }
        } catch (IOException noProc) {
            return false;
        }
        return false;
    }

    private static boolean blocks(long mask) {
        for (SignalName signal : WATCHED) {
            if ((mask & (1L << (signal.number() - 1))) == 0) {
                return false;
            }
        }
        return true;
    }

    private int read() {
        int read = 0;
        for (int number = signals.next(); number != 0; number = signals.next()) {
            read++;
            SignalName.of(number).ifPresent(this::handle);
        }
        return read;
    }

    private void handle(SignalName signal) {
        try {
            handler.accept(signal);
        } catch (RuntimeException e) {
            LOG.error("signal {} could not be served", signal, e);
        }
    }

    /** Stops reading; what a signal has begun is waited for. */
    @Override
    public void close() {
        loop.stop();
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            loop.close();
            signals.close();
        }
    }

    /** Nothing is ever due. */
    private static final class Idle implements DutyCycle {
        @Override
        public int doWork(long nowNanos) {
            return 0;
        }

        @Override
        public long nextDeadline() {
            return Long.MAX_VALUE;
        }
    }
}
