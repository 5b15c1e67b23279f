// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.loop.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;

/** A thread that runs a loop until it is told to stop: first its first work, then turns, then its last work. */
final class LoopThread {
    private final EventLoop loop;
    private final Thread thread;
    private final CountDownLatch begun = new CountDownLatch(1);

    /** A thread that is not started. */
    LoopThread(String name, EventLoop loop, LongConsumer first, LongConsumer last) {
        this.loop = loop;
        this.thread = new Thread(() -> run(first, last), name);
        // A node must not outlive the program that embeds it; that program is asked to stop it.
        this.thread.setDaemon(true);
    }

    /** Starts it in the calling thread's network namespace, and waits until its first work is done. */
    void start() {
        thread.start();
        try {
            begun.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
            first.accept(System.nanoTime());
        } finally {
            begun.countDown();
        }
        try {
            loop.run();
        } finally {
            last.accept(System.nanoTime());
        }
    }
}
