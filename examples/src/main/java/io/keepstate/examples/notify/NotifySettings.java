// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.notify;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What concerns all notifications of a daemon.
 *
 * @param fifos the named pipes, each written in this order
 * @param user whom scripts run as that name no user themselves (script_user)
 * @param group absent: the user's own
 * @param security whether a script that runs as root must be root's alone (enable_script_security)
 */
public record NotifySettings(List<Fifo> fifos, Optional<String> user, Optional<String> group, boolean security) {
    /** No pipes, everything runs as the daemon. */
    public static final NotifySettings NONE = new NotifySettings(List.of(), Optional.empty(), Optional.empty(), false);

    /** Copies the list. */
    public NotifySettings {
        fifos = List.copyOf(fifos);
    }

    /**
     * A named pipe and the program that reads it.
     *
     * @param path where it is
     * @param user who gets it if it is made here; absent: the user of the daemon
     * @param group absent: the user's own
     * @param reader started once, with the pipe's path as its last argument
     */
    public record Fifo(Path path, Optional<String> user, Optional<String> group, Optional<Script> reader) {}
}
