// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager twice in each of its intervals that the daemon is alive, and only if its loops answer: a daemon
 * whose loops stand still is one to be started again.
 */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    private Watchdog(ServiceManager manager, Duration interval, BooleanSupplier alive) {
        thread = new Thread(() -> watch(manager, interval.toNanos() / 2, alive), "watchdog");
        thread.setDaemon(true);
    }

    /** Begins, if the service manager watches. */
    static AutoCloseable start(ServiceManager manager, BooleanSupplier alive) {
        if (manager.watchdog().isEmpty()) {
            return () -> {};
        }
        Watchdog watchdog = new Watchdog(manager, manager.watchdog().get(), alive);
        watchdog.thread.start();
        return watchdog;
    }

    private void watch(ServiceManager manager, long pauseNanos, BooleanSupplier alive) {
        boolean warned = false;
        try {
            do {
                boolean answers = alive.getAsBoolean();
                if (answers) {
                    manager.alive();
                } else if (!warned && end.getCount() > 0) {
                    LOG.error(
                            "a loop of the node does not answer: the service manager's watchdog is not told that we live");
                }
                warned = !answers;
            } while (!end.await(pauseNanos, TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
    }
}
