// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * A program of which a number of processes must run (keepalived: vrrp_track_process).
 *
 * @param name how routers refer to it
 * @param program name of the processes: the kernel's (at most 15 octets of it are compared), or with {@code fullCommand} or
 *     parameters their first argument
 * @param parameters the arguments that must follow; empty for any, unless {@code fullCommand}
 * @param match how exactly the parameters must match
 * @param fullCommand whether the whole command line is compared instead of the kernel's name
 * @param quorum least number of processes, at least 1
 * @param quorumMax greatest number of processes; absent for no limit
 * @param forkDelay how long enough processes must run before it counts
 * @param terminateDelay how long too few must run before it counts
 */
public record TrackedProcess(
        String name,
        String program,
        List<String> parameters,
        ParameterMatch match,
        boolean fullCommand,
        int quorum,
        OptionalInt quorumMax,
        Duration forkDelay,
        Duration terminateDelay) {

    /** How the arguments of a process are compared (keepalived: param_match). */
    public enum ParameterMatch {
        /** The same arguments, no more. */
        EXACT,
        /** These arguments, and perhaps more after them. */
        PARTIAL,
        /** As partial, and the last of these may be the beginning of a longer one. */
        INITIAL
    }

    /** Refuses what can never be true, naming the process. */
    public TrackedProcess {
        parameters = List.copyOf(parameters);
        String who = "process " + name + ": ";
        TrackedObjects.check(!name.isEmpty(), "a tracked process needs a name");
        TrackedObjects.check(!program.isEmpty(), who + "it needs the name of a program");
        TrackedObjects.check(quorum >= 1, who + "quorum " + quorum + " must be at least 1");
        TrackedObjects.check(
                quorumMax.isEmpty() || quorumMax.getAsInt() >= quorum, who + "quorum_max must not be below the quorum");
        TrackedObjects.check(
                !forkDelay.isNegative() && !terminateDelay.isNegative(), who + "delays must not be negative");
    }

    /** One process of this name is enough, at once. */
    public static TrackedProcess of(String name, String program) {
        return new TrackedProcess(
                name,
                program,
                List.of(),
                ParameterMatch.EXACT,
                false,
                1,
                OptionalInt.empty(),
                Duration.ZERO,
                Duration.ZERO);
    }

    /** Whether arguments are compared, rather than the kernel's name of the process. */
    public boolean comparesArguments() {
        return fullCommand || !parameters.isEmpty();
    }

    /**
     * Whether a process is one of these.
     *
     * @param comm the kernel's name of it, at most 15 octets
     * @param arguments its command line, the program first; empty for a thread of the kernel
     */
    public boolean matches(String comm, List<String> arguments) {
        if (!comparesArguments()) {
            return comm.equals(program.substring(0, Math.min(program.length(), COMM_LENGTH)));
        }
        if (arguments.isEmpty() || !arguments.get(0).equals(program)) {
            return false;
        }
        List<String> given = arguments.subList(1, arguments.size());
        if (given.size() < parameters.size() || (match == ParameterMatch.EXACT && given.size() > parameters.size())) {
            return false;
        }
        int last = parameters.size() - 1;
        for (int i = 0; i <= last; i++) {
            boolean initial = i == last && match == ParameterMatch.INITIAL;
            String expected = parameters.get(i);
            if (initial ? !given.get(i).startsWith(expected) : !given.get(i).equals(expected)) {
                return false;
            }
        }
        return true;
    }

    /** Length of a process's name in the kernel: TASK_COMM_LEN less the final NUL. */
    private static final int COMM_LENGTH = 15;
}
