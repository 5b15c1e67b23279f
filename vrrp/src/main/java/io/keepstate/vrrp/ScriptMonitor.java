// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.time.Duration;

/**
 * When to start a {@linkplain TrackedScript tracked script} and when to end it, and what its runs amount to. It starts
 * nothing itself: {@link #advance} says what to do now. Starts keep to a grid of the interval from the first one; a start
 * that finds the last run still going is left out and counted. A run that takes longer than its timeout has failed at that
 * moment; it is asked to end, and made to two seconds later.
 *
 * <p>Pure; one loop owns it.
 */
public final class ScriptMonitor {

    /** What the owner must do. */
    public enum Action {
        /** Nothing. */
        NONE,
        /** Start the script. */
        START,
        /** Ask the running script and all its children to end: SIGTERM. */
        TERMINATE,
        /** Make them: SIGKILL. */
        KILL
    }

    private static final long NONE = Long.MAX_VALUE;
    private static final long TERMINATION_NANOS = Duration.ofSeconds(2).toNanos();

    private final TrackedScript script;
    private final ScriptResult result;
    private final long intervalNanos;
    private final long timeoutNanos;
    private long nextStart;
    private boolean running;
    /** Whether the present run has been counted already, because it took too long. */
    private boolean counted;
    /** When the present run is asked, or made, to end. */
    private long nextEnd = NONE;

    private Action ending = Action.TERMINATE;
    private long runs;
    private long skipped;
    private long timeouts;

    /** A script to be started first at {@code nowNanos}. */
    public ScriptMonitor(TrackedScript script, long nowNanos) {
        this.script = script;
        this.result = new ScriptResult(script);
        this.intervalNanos = script.interval().toNanos();
        this.timeoutNanos = script.timeout().toNanos();
        this.nextStart = nowNanos;
    }

    /** What it monitors. */
    public TrackedScript script() {
        return script;
    }

    /** Whether it is known if the script works. */
    public boolean isKnown() {
        return result.isKnown();
    }

    /** Whether the script works. */
    public boolean isUp() {
        return result.isUp();
    }

    /** What is due; call it again until there is nothing left. */
    public Action advance(long nowNanos) {
        if (nowNanos >= nextEnd) {
            return end(nowNanos);
        }
        if (nowNanos < nextStart) {
            return Action.NONE;
        }
        long missed = (nowNanos - nextStart) / intervalNanos;
        nextStart += (missed + 1) * intervalNanos;
        if (running) {
            skipped++;
            return Action.NONE;
        }
        running = true;
        counted = false;
        runs++;
        ending = Action.TERMINATE;
        nextEnd = nowNanos + timeoutNanos;
        return Action.START;
    }

    private Action end(long nowNanos) {
        Action now = ending;
        if (now == Action.TERMINATE) {
            timeouts++;
            count(false);
            ending = Action.KILL;
            nextEnd = nowNanos + TERMINATION_NANOS;
        } else {
            nextEnd = NONE;
        }
        return now;
    }

    /** The run ended by itself or was ended; only code 0 is a success. */
    public void onExit(int code) {
        if (running) {
            running = false;
            nextEnd = NONE;
            count(code == 0);
        }
    }

    /** The script could not be started: a failure like another. */
    public void onStartFailed() {
        onExit(-1);
    }

    private void count(boolean success) {
        if (!counted) {
            counted = true;
            result.onRun(success);
        }
    }

    /** When to call {@link #advance}. */
    public long nextDeadline() {
        return Math.min(nextStart, nextEnd);
    }

    /** Whether it is running now. */
    public boolean isRunning() {
        return running;
    }

    /** Runs started. */
    public long runs() {
        return runs;
    }

    /** Starts left out because the last run was still going. */
    public long skipped() {
        return skipped;
    }

    /** Runs that took too long. */
    public long timeouts() {
        return timeouts;
    }
}
