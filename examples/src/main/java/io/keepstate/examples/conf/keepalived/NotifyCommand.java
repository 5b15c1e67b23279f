// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import java.util.List;
import java.util.Optional;

/**
 * A script line: the quoted string split into program and arguments.
 *
 * @param argv the program and its arguments, not empty
 * @param runAs the user named behind the script; without one that of {@code script_user}
 * @param file the file it stands in
 * @param line the line of the file
 */
public record NotifyCommand(List<String> argv, Optional<RunAs> runAs, String file, int line) {
    /** Copies the words; refuses none. */
    public NotifyCommand {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a notify command needs a program");
        }
    }

    /** A command for the default user. */
    public NotifyCommand(List<String> argv, int line) {
        this(argv, Optional.empty(), "", line);
    }

    /** The program's file name without its directories. */
    public String programName() {
        String program = argv.get(0);
        return program.substring(program.lastIndexOf('/') + 1);
    }
}
