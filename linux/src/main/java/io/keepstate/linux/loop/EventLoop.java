// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

import io.keepstate.linux.socket.EventFd;
import io.keepstate.linux.socket.Pollable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for descriptors and the duty cycle's next deadline, and runs both on one thread.
 *
 * <p>Each turn: wait, call the handlers of ready descriptors, run the duty cycle. A handler or duty cycle that throws is
 * counted, logged at most every 10 s and paused for 10 ms, so that a broken part can neither end the loop nor take the
 * processor; one that keeps failing is reported to a {@link FailureListener}.
 *
 * <p>A descriptor can be <em>paced</em>: after a call that did work its handler is called again only after a pause, and
 * epoll is not asked in between. Under load this reads many events per wake-up (measured: the wake-ups are most of the
 * cost); an idle descriptor is still answered at once.
 *
 * <p>{@link #wakeUp} and {@link #stop} may be called from any thread; all else belongs to the thread that runs the loop,
 * or to the one that prepares it before it runs. Deadlines are kept to about a millisecond.
 */
public final class EventLoop implements AutoCloseable {
    /** Failures in a row after which the listener is told, and again after each as many. */
    public static final int FAILURE_LIMIT = 16;

    static final long FAILURE_PAUSE_NANOS = 10_000_000L;

    private static final long NEVER = Long.MAX_VALUE;
    private static final int INDEX_BITS = 20;

    private final DutyCycle dutyCycle;
    private final Part dutyPart;
    private final FailureListener listener;
    private final Epoll epoll;
    private final EventFd wakeUp;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final List<@Nullable Watch> watches = new ArrayList<>();
    private volatile boolean stopped;
    private long registrations;
    private long dutyPausedUntil = NEVER;
    private long turns;

    /**
     * Prepares a loop.
     *
     * @param name names the loop in logs and failures
     */
    public EventLoop(String name, DutyCycle dutyCycle, FailureListener listener) {
        this.dutyCycle = dutyCycle;
        this.dutyPart = new Part(name, listener);
        this.listener = listener;
        this.epoll = new Epoll();
        try {
            this.wakeUp = EventFd.open();
        } catch (RuntimeException e) {
            epoll.close();
            throw e;
        }
        register(wakeUp, name + " wake-up", Readiness.READ, (readiness, now) -> {
            // Clear first: a wake-up that comes after this line signals again.
            woken.set(false);
            return (int) wakeUp.drain();
        });
    }

    /** Watches a descriptor of ours. */
    public Registration register(Pollable pollable, String name, int interest, ReadyHandler handler) {
        return register(pollable.fd(), name, interest, 0, handler);
    }

    /**
     * Watches a descriptor for reading, with a pause after each call that did work.
     *
     * @param pauseNanos how long events may gather, for instance 1 ms
     */
    public Registration registerPaced(Pollable pollable, String name, long pauseNanos, ReadyHandler handler) {
        return registerPaced(pollable, name, () -> pauseNanos, handler);
    }

    /** As {@link #registerPaced(Pollable, String, long, ReadyHandler)} with a pause that is asked for before each. */
    public Registration registerPaced(Pollable pollable, String name, LongSupplier pauseNanos, ReadyHandler handler) {
        return register(pollable.fd(), name, Readiness.READ, pauseNanos, handler);
    }

    /**
     * Watches any descriptor epoll accepts, such as that of a channel of another library.
     *
     * @param interest bits of {@link Readiness}; errors and hang-ups are always reported
     * @param pauseNanos as in {@link #registerPaced}, or 0
     */
    public Registration register(int fd, String name, int interest, long pauseNanos, ReadyHandler handler) {
        return register(fd, name, interest, () -> pauseNanos, handler);
    }

    private Registration register(int fd, String name, int interest, LongSupplier pauseNanos, ReadyHandler handler) {
        int index = freeIndex();
        // The number of the registration tells a late event of an earlier owner of this place from ours.
        long data = ++registrations << INDEX_BITS | index;
        Watch watch = new Watch(this, fd, data, interest, pauseNanos, handler, new Part(name, listener));
        epoll.add(fd, interest, data);
        watches.set(index, watch);
        return watch;
    }

    private int freeIndex() {
        int index = watches.indexOf(null);
        if (index >= 0) {
            return index;
        }
        watches.add(null);
        return watches.size() - 1;
    }

    /** Runs until {@link #stop}. */
    public void run() {
        while (!stopped) {
            runOnce(NEVER);
        }
    }

    /**
     * One turn: wait, handlers, duty cycle.
     *
     * @param maxWaitNanos longest time to wait, whatever the deadlines
     */
    public void runOnce(long maxWaitNanos) {
        int events = epoll.await(timeoutMillis(maxWaitNanos));
        long now = System.nanoTime();
        turns++;
        for (int i = 0; i < events; i++) {
            Watch watch = find(epoll.data(i));
            if (watch != null) {
                watch.ready(epoll.readiness(i), now);
            }
        }
        resumeResting(now);
        runDutyCycle(now);
    }

    private @Nullable Watch find(long data) {
        int index = (int) (data & ((1 << INDEX_BITS) - 1));
        Watch watch = index < watches.size() ? watches.get(index) : null;
        return watch != null && watch.data() == data ? watch : null;
    }

    private void resumeResting(long now) {
        for (int i = 0; i < watches.size(); i++) {
            Watch watch = watches.get(i);
            if (watch != null && watch.isDue(now)) {
                watch.ready(watch.interest(), now);
            }
        }
    }

    private void runDutyCycle(long now) {
        if (dutyPausedUntil != NEVER && dutyPausedUntil - now > 0) {
            return;
        }
        try {
            dutyCycle.doWork(now);
            dutyPausedUntil = NEVER;
            dutyPart.succeeded();
        } catch (RuntimeException | Error e) {
            dutyPausedUntil = now + FAILURE_PAUSE_NANOS;
            dutyPart.failed(e, now);
        }
    }

    private int timeoutMillis(long maxWaitNanos) {
        if (stopped) {
            return 0;
        }
        long now = System.nanoTime();
        long wait = maxWaitNanos;
        long deadline = dutyPausedUntil != NEVER ? dutyPausedUntil : dutyDeadline(now);
        if (deadline != NEVER) {
            // Compared, not subtracted: "at once" may be any time of the past, Long.MIN_VALUE too.
            wait = deadline <= now ? 0 : Math.min(wait, deadline - now);
        }
        for (int i = 0; i < watches.size(); i++) {
            Watch watch = watches.get(i);
            if (watch != null && watch.isResting()) {
                wait = Math.min(wait, Math.max(0, watch.resumeNanos() - now));
            }
        }
        // Rounded up: waking before the deadline would turn the last millisecond into a busy wait.
        return wait == NEVER ? -1 : (int) Math.min(Integer.MAX_VALUE, (wait + 999_999) / 1_000_000);
    }

    private long dutyDeadline(long now) {
        try {
            return dutyCycle.nextDeadline();
        } catch (RuntimeException | Error e) {
            dutyPart.failed(e, now);
            return now + FAILURE_PAUSE_NANOS;
        }
    }

    /** Ends the current wait early; from any thread. Several calls before the loop wakes cost one system call. */
    public void wakeUp() {
        if (woken.compareAndSet(false, true)) {
            wakeUp.signal();
        }
    }

    /** Lets {@link #run} return after the current turn; from any thread. */
    public void stop() {
        stopped = true;
        wakeUp();
    }

    public boolean isStopped() {
        return stopped;
    }

    /** Turns so far. */
    public long turns() {
        return turns;
    }

    /** Failures of the duty cycle and of all handlers registered now. */
    public long failures() {
        long total = dutyPart.failures();
        for (Watch watch : watches) {
            total += watch == null ? 0 : watch.part().failures();
        }
        return total;
    }

    Epoll epoll() {
        return epoll;
    }

    void remove(Watch watch) {
        epoll.remove(watch.fd());
        watches.set((int) (watch.data() & ((1 << INDEX_BITS) - 1)), null);
    }

    /** Frees epoll and eventfd; registered descriptors stay open, they belong to who registered them. */
    @Override
    public void close() {
        stopped = true;
        epoll.close();
        wakeUp.close();
    }
}
