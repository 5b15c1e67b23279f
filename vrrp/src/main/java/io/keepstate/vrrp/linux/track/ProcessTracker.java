// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import io.keepstate.vrrp.ProcessQuorum;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.TrackedProcess;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows which processes are those of one definition. Belongs to the tracking thread. */
final class ProcessTracker {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessTracker.class);

    private final TrackedProcess definition;
    private final ProcessQuorum quorum;
    private final Consumer<TrackValue> result;
    private final Set<Integer> processes = new HashSet<>();

    ProcessTracker(TrackedProcess definition, Consumer<TrackValue> result) {
        this.definition = definition;
        this.quorum = new ProcessQuorum(definition);
        this.result = result;
    }

    /** What it tracks. */
    TrackedProcess definition() {
        return definition;
    }

    boolean comparesArguments() {
        return definition.comparesArguments();
    }

    /** A process runs this program now. */
    void onProcess(RunningProcess process, long nowNanos) {
        boolean changed = definition.matches(process.comm(), process.arguments())
                ? processes.add(process.pid())
                : processes.remove(process.pid());
        if (changed) {
            count(nowNanos);
        }
    }

    /** A process ended. */
    void onGone(int pid, long nowNanos) {
        if (processes.remove(pid)) {
            count(nowNanos);
        }
    }

    /** These and no others run. */
    void onAll(Iterable<RunningProcess> all, long nowNanos) {
        processes.clear();
        for (RunningProcess process : all) {
            if (definition.matches(process.comm(), process.arguments())) {
                processes.add(process.pid());
            }
        }
        count(nowNanos);
    }

    private void count(long nowNanos) {
        if (quorum.onCount(processes.size(), nowNanos)) {
            tell();
        }
    }

    void advance(long nowNanos) {
        if (quorum.advance(nowNanos)) {
            tell();
        }
    }

    long nextDeadline() {
        return quorum.nextDeadline();
    }

    private void tell() {
        String text = "process {}: {} run, which is {}";
        if (quorum.isUp()) {
            LOG.info(text, definition.name(), processes.size(), "as wanted");
        } else {
            LOG.warn(text, definition.name(), processes.size(), "not as wanted");
        }
        result.accept(TrackValue.of(quorum.isUp()));
    }
}
