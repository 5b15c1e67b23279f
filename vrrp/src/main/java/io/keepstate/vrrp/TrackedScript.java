// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A script whose exit code says whether something works (keepalived: vrrp_script): 0 is success. It is run again and again
 * for as long as the node runs; {@link ScriptResult} makes one answer of its exit codes. What follows from the answer is
 * said by each router that tracks it.
 *
 * @param name how routers refer to it
 * @param command program and arguments, at least the program
 * @param interval time from one start to the next, whole milliseconds, at least 1 ms; a start that finds the last run still
 *     going is skipped
 * @param timeout how long a run may take before it is ended and counts as a failure
 * @param rise successes in a row after which a failed script counts as working, at least 1
 * @param fall failures in a row after which a working script counts as failed, at least 1
 * @param initFail whether it counts as failed until it has succeeded {@code rise} times; otherwise its first run decides
 * @param user whom it runs as; absent for the user of the process
 * @param group with which group; absent for the user's own
 */
public record TrackedScript(
        String name,
        List<String> command,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        boolean initFail,
        Optional<String> user,
        Optional<String> group) {

    /** keepalived's interval. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

    /** Refuses what cannot run, naming the script. */
    public TrackedScript {
        command = List.copyOf(command);
        String who = "script " + name + ": ";
        TrackedObjects.check(!name.isEmpty(), "a tracked script needs a name");
        TrackedObjects.check(!command.isEmpty() && !command.get(0).isEmpty(), who + "it needs a program to run");
        TrackedObjects.check(interval.toMillis() >= 1, who + "interval " + interval + " must be at least 1 ms");
        TrackedObjects.check(timeout.toMillis() >= 1, who + "timeout " + timeout + " must be at least 1 ms");
        TrackedObjects.check(rise >= 1 && fall >= 1, who + "rise and fall must be at least 1");
        TrackedObjects.check(
                user.isPresent() || group.isEmpty(), who + "a group needs a user; name the user to run it as");
    }

    /** The same run as this user, and with this group or the user's own. */
    public TrackedScript as(String otherUser, Optional<String> otherGroup) {
        return new TrackedScript(
                name, command, interval, timeout, rise, fall, initFail, Optional.of(otherUser), otherGroup);
    }

    /** A script run every second by this process's user, with keepalived's other defaults. */
    public static TrackedScript of(String name, List<String> command) {
        return of(name, command, DEFAULT_INTERVAL);
    }

    /** A script run this often by this process's user, with keepalived's other defaults. */
    public static TrackedScript of(String name, List<String> command, Duration interval) {
        return new TrackedScript(name, command, interval, interval, 1, 1, false, Optional.empty(), Optional.empty());
    }
}
