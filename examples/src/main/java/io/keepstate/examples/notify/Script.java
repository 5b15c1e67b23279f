// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.notify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program to be run, with whom to run it as.
 *
 * @param argv the program and its arguments, not empty
 * @param user absent: the default of all scripts
 * @param group absent: the user's own
 */
public record Script(List<String> argv, Optional<String> user, Optional<String> group) {
    /** Copies the words. */
    public Script {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a script needs a program");
        }
    }

    /** A program run as the default user. */
    public static Script of(List<String> argv) {
        return new Script(argv, Optional.empty(), Optional.empty());
    }

    /** The same with further arguments. */
    public Script with(List<String> more) {
        List<String> all = new ArrayList<>(argv);
        all.addAll(more);
        return new Script(all, user, group);
    }

    /** The program and its arguments as one line for people. */
    public String text() {
        return String.join(" ", argv);
    }
}
