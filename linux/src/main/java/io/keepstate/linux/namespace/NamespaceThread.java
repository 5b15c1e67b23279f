// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.namespace;

import io.keepstate.linux.libc.CLibrary;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/** One thread, made special by a first task, that runs what it is given until closed. */
final class NamespaceThread implements AutoCloseable {
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread;
    /** Ends the thread when its turn comes. */
    private final Runnable end = new FutureTask<>(() -> Boolean.TRUE);

    private boolean closed;

    /** Starts the thread; if {@code setUp} throws, so does this constructor and the thread has ended. */
    NamespaceThread(String name, Runnable setUp) {
        // Loaded here, so that no thread the binding may start is born inside a namespace and keeps it alive.
        CLibrary.libc().gettid();
        FutureTask<Boolean> first = new FutureTask<>(setUp, Boolean.TRUE);
        thread = new Thread(() -> loop(first), name);
        thread.setDaemon(true);
        thread.start();
        try {
            await(first);
        } catch (RuntimeException e) {
            close();
            throw e;
        } catch (Exception e) {
            throw new AssertionError("a Runnable throws nothing checked", e);
        }
    }

    private void loop(FutureTask<Boolean> first) {
        first.run();
        try {
            for (Runnable task = tasks.take(); task != end; task = tasks.take()) {
                task.run();
            }
        } catch (InterruptedException e) {
            // A task interrupted its own thread after it ended; nobody else can.
            close();
        }
    }

    <T> T call(Callable<T> task) throws Exception {
        if (Thread.currentThread() == thread) {
            return task.call();
        }
        FutureTask<T> future = new FutureTask<>(task);
        submit(future);
        return await(future);
    }

    /** Nothing gets behind {@link #end}, where it would wait for ever. */
    private synchronized void submit(Runnable task) {
        if (closed) {
            throw new IllegalStateException(thread.getName() + " is closed");
        }
        tasks.add(task);
    }

    private synchronized boolean finish() {
        boolean first = !closed;
        closed = true;
        if (first) {
            tasks.add(end);
        }
        return first;
    }

    <T> T get(NetworkNamespace.UncheckedTask<T> task) {
        try {
            return call(task::run);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("the task throws nothing checked", e);
        }
    }

    private static <T> T await(FutureTask<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Error error) {
                throw error;
            }
            if (cause instanceof Exception exception) {
                throw exception;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        if (!finish() || Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
