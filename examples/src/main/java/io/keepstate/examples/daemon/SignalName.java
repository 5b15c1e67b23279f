// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import java.util.Optional;

/** keepalived's signals, with the names that {@code --signum} knows and the numbers they have on Linux. */
public enum SignalName {
    /** Ends the daemon. */
    STOP(15),
    /** Reads the configuration again. */
    RELOAD(1),
    /** Writes all data. */
    DATA(10),
    /** Writes the counters. */
    STATS(12),
    /** Writes the counters and sets them to zero: SIGRTMAX-1. */
    STATS_CLEAR(63),
    /** Writes all data as JSON: SIGRTMIN+2 of the C library, which keeps 32 and 33 for itself. */
    JSON(36);

    private final int number;

    SignalName(int number) {
        this.number = number;
    }

    /** The signal's number. */
    public int number() {
        return number;
    }

    /** The signal of that name. */
    public static Optional<SignalName> of(String name) {
        for (SignalName signal : values()) {
            if (signal.name().equals(name)) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }

    /** The signal of that number. */
    static Optional<SignalName> of(int number) {
        for (SignalName signal : values()) {
            if (signal.number == number) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }
}
