// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.loop.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that runs a loop until it is told to stop: first its first work, then turns, then its last work. */
final class LoopThread {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNode.class);

    private final EventLoop loop;
    private final Thread thread;
    /** Completed when the first work is done, or has failed. */
    private final CompletableFuture<Void> begun = new CompletableFuture<>();

    /** A thread that is not started. */
    LoopThread(String name, EventLoop loop, LongConsumer first, LongConsumer last) {
        this.loop = loop;
        this.thread = new Thread(() -> run(first, last), name);
        // A node must not outlive the program that embeds it; that program is asked to stop it.
        this.thread.setDaemon(true);
    }

    /**
     * Starts it in the calling thread's network namespace, and waits until its first work is done.
     *
     * @throws NodeStartException if that failed; the thread has ended then, or is about to
     */
    void start() throws NodeStartException {
        thread.start();
        try {
            begun.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? StartError.of(failure)
                    : new NodeStartException("the " + thread.getName() + " could not start: " + e.getCause(), e);
        }
    }

    /** Stops it and waits until its last work is done; false if it did not end in time. */
    boolean stop(long timeoutMillis) {
        loop.stop();
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a node cannot be stopped by its own loop; use another thread");
        }
        try {
            thread.join(timeoutMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private void run(LongConsumer first, LongConsumer last) {
        try {
            try {
                first.accept(System.nanoTime());
            } catch (RuntimeException | Error e) {
                begun.completeExceptionally(e);
                return;
            }
            begun.complete(null);
            loop.run();
        } catch (RuntimeException | Error e) {
            LOG.error("the {} ended by a failure; restart the node", thread.getName(), e);
        } finally {
            last.accept(System.nanoTime());
        }
    }
}
