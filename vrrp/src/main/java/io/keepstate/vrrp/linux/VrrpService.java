// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.loop.EventLoop;
import io.keepstate.vrrp.EffectSink;
import io.keepstate.vrrp.SyncGroupConfig;
import java.util.List;
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
    private volatile @Nullable RuntimeException failure;
    private volatile boolean abandoned;

    private VrrpService(ThreadFactory threads, List<SyncGroupConfig> groups, EffectSink observer) {
        this.thread = threads.newThread(() -> run(groups, observer));
    }

    /**
     * Starts the elections of these groups and returns when they have begun.
     *
     * @param threads makes the thread; it must run in the network namespace of the interfaces
     * @param observer told all effects, on that thread
     * @throws RuntimeException with a sentence on what is missing: an interface, a capability
     */
    public static VrrpService start(ThreadFactory threads, List<SyncGroupConfig> groups, EffectSink observer) {
        VrrpService service = new VrrpService(threads, groups, observer);
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

    private void run(List<SyncGroupConfig> groups, EffectSink observer) {
        try (VrrpRuntime runtime = VrrpRuntime.open(groups, observer);
                EventLoop opened = new EventLoop("vrrp", runtime, this::onRepeatedFailure)) {
            loop = opened;
            runtime.register(opened);
            runtime.start(System.nanoTime());
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
