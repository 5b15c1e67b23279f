// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import io.keepstate.linux.process.ProcessEvents;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the processes of all definitions: by the kernel's events where it sends them, which is in its first network
 * namespace only; elsewhere by listing /proc ten times a second. With events /proc is listed too, every ten seconds and
 * whenever events were lost.
 *
 * <p>Belongs to the tracking thread.
 */
final class ProcessTrackers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessTrackers.class);
    private static final long LOOK_NANOS = 100_000_000L;
    private static final long LOOK_BESIDE_EVENTS_NANOS = 10_000_000_000L;

    private List<ProcessTracker> trackers = List.of();
    private boolean withArguments;
    private final @Nullable ProcessEvents events;
    private final ProcessEvents.Handler changes = new Changes();
    private long nextLook;
    private long now;

    ProcessTrackers(long nowNanos) {
        this.nextLook = nowNanos;
        this.events = ProcessEvents.open().orElse(null);
        if (events == null) {
            LOG.warn("the kernel sends no events of processes here (it does in its first network, process and user"
                    + " namespace only); tracked processes are looked for every 100 ms");
        }
    }

    /** Counts for these from now on. */
    void use(List<ProcessTracker> wanted, long nowNanos) {
        trackers = List.copyOf(wanted);
        withArguments = trackers.stream().anyMatch(ProcessTracker::comparesArguments);
        nextLook = nowNanos;
    }

    List<ProcessTracker> trackers() {
        return trackers;
    }

    /** Null where the kernel sends none. */
    @Nullable
    ProcessEvents events() {
        return events;
    }

    int receive(long nowNanos) {
        ProcessEvents some = events;
        if (some == null) {
            return 0;
        }
        now = nowNanos;
        int count = some.receive(changes);
        if (count == ProcessEvents.OVERRUN) {
            look(nowNanos);
            return 1;
        }
        return count;
    }

    void advance(long nowNanos) {
        if (nowNanos >= nextLook) {
            nextLook = nowNanos + (events == null ? LOOK_NANOS : LOOK_BESIDE_EVENTS_NANOS);
            look(nowNanos);
        }
        for (ProcessTracker tracker : trackers) {
            tracker.advance(nowNanos);
        }
    }

    long nextDeadline() {
        long earliest = nextLook;
        for (ProcessTracker tracker : trackers) {
            earliest = Math.min(earliest, tracker.nextDeadline());
        }
        return earliest;
    }

    private void look(long nowNanos) {
        List<RunningProcess> all = RunningProcess.all(withArguments);
        trackers.forEach(tracker -> tracker.onAll(all, nowNanos));
    }

    @Override
    public void close() {
        if (events != null) {
            events.close();
        }
    }

    private final class Changes implements ProcessEvents.Handler {
        @Override
        public void onChanged(int pid) {
            RunningProcess.read(pid, withArguments)
                    .ifPresentOrElse(
                            process -> trackers.forEach(tracker -> tracker.onProcess(process, now)),
                            () -> onEnded(pid));
        }

        @Override
        public void onEnded(int pid) {
            trackers.forEach(tracker -> tracker.onGone(pid, now));
        }
    }
}
