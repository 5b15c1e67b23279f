// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.loop.EventLoop;
import io.keepstate.vrrp.EffectSink;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.TrackedObjects;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link VrrpRuntime} on a thread of its own, from its start to {@link #close}.
 *
 * <p>May be started and ended from any thread. A runtime that keeps failing is stopped: it resigns and takes its addresses
 * down rather than limp.
 */
public final class VrrpService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VrrpService.class);

    private final Thread thread;
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile @Nullable EventLoop loop;
    private volatile @Nullable VrrpRuntime runtime;
    private volatile @Nullable RuntimeException failure;
    private volatile boolean abandoned;

    private VrrpService(
            ThreadFactory threads,
            List<SyncGroupConfig> groups,
            TrackedObjects objects,
            EffectSink observer,
            Path journalDirectory) {
        this.thread = threads.newThread(() -> run(groups, objects, observer, journalDirectory));
    }

    /**
     * Starts the elections of these groups and returns when they have begun.
     *
     * @param threads makes the thread; it must run in the network namespace of the interfaces
     * @param observer told all effects, on that thread
     * @throws RuntimeException with a sentence on what is missing: an interface, a capability
     */
    public static VrrpService start(ThreadFactory threads, List<SyncGroupConfig> groups, EffectSink observer) {
        return start(threads, groups, TrackedObjects.NONE, observer);
    }

    /** As {@link #start(ThreadFactory, List, EffectSink)}, with definitions of what the groups track. */
    public static VrrpService start(
            ThreadFactory threads, List<SyncGroupConfig> groups, TrackedObjects objects, EffectSink observer) {
        return start(threads, groups, objects, observer, VirtualMacInterfaces.DEFAULT_DIRECTORY);
    }

    /**
     * As {@link #start(ThreadFactory, List, TrackedObjects, EffectSink)}.
     *
     * @param journalDirectory where the originals of kernel parameters are kept that virtual MACs change
     */
    public static VrrpService start(
            ThreadFactory threads,
            List<SyncGroupConfig> groups,
            TrackedObjects objects,
            EffectSink observer,
            Path journalDirectory) {
        VrrpService service = new VrrpService(threads, groups, objects, observer, journalDirectory);
        service.thread.start();
        try {
            service.started.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            service.close();
            throw new IllegalStateException("interrupted while VRRP was starting", e);
        }
        RuntimeException failed = service.failure;
        if (failed != null) {
            throw failed;
        }
        return service;
    }

    private void run(List<SyncGroupConfig> groups, TrackedObjects objects, EffectSink observer, Path journalDirectory) {
        try (VrrpRuntime runtime = VrrpRuntime.open(groups, objects, true, observer, journalDirectory);
                EventLoop opened = new EventLoop("vrrp", runtime, this::onRepeatedFailure)) {
            loop = opened;
            runtime.register(opened);
            runtime.start(System.nanoTime());
            this.runtime = runtime;
            started.countDown();
            opened.run();
            if (!abandoned) {
                runtime.stop(System.nanoTime());
            }
        } catch (RuntimeException e) {
            failure = e;
            if (started.getCount() == 0) {
                LOG.error("VRRP ended", e);
            }
        } finally {
            started.countDown();
        }
    }

    private void onRepeatedFailure(String part, long consecutive, Throwable last) {
        LOG.error("VRRP stops: {} failed {} times in a row", part, consecutive, last);
        end();
    }

    /**
     * Asks or tells the running elections something, on their thread; it must return at once. May be called from any thread.
     *
     * <pre>{@code
     * service.ask((vrrp, now) -> {
     *     vrrp.group("VG_1").pause(now);
     *     return vrrp.group("VG_1").state();
     * });
     * }</pre>
     *
     * @return completed on that thread; fails with what the question throws, or with an IllegalStateException if the service
     *     does not run or is too busy
     */
    public <T extends @Nullable Object> CompletableFuture<T> ask(Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        VrrpRuntime asked = runtime;
        boolean taken = asked != null
                && asked.execute(running -> {
                    try {
                        answer.complete(question.ask(running, System.nanoTime()));
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                });
        if (!taken) {
            answer.completeExceptionally(new IllegalStateException("VRRP does not run, or is too busy to answer"));
        }
        return answer;
    }

    /** What can be asked of running elections. */
    @FunctionalInterface
    public interface Question<T extends @Nullable Object> {
        /** On the thread of the elections, now. */
        T ask(VrrpRuntime running, long nowNanos);
    }

    /** Resigns where active, takes all virtual addresses down, and waits until that is done. */
    @Override
    public void close() {
        end();
        join();
    }

    /** Ends without a word and leaves addresses as they are: as a crash would, or to let another process take them on. */
    public void abandon() {
        abandoned = true;
        close();
    }

    private void end() {
        EventLoop running = loop;
        if (running != null) {
            running.stop();
        }
    }

    private void join() {
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
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
