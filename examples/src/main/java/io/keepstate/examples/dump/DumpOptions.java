// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code keepstate dump} was asked for.
 *
 * @param file the capture to read, {@code -} for standard input; empty to listen
 * @param interfaceName the interface to listen on; empty to read
 * @param syncPort UDP port of sync messages
 * @param count frames after which it ends; 0: never before the end
 * @param json one JSON object a line
 */
public record DumpOptions(Optional<Path> file, Optional<String> interfaceName, int syncPort, long count, boolean json) {
    /** The port of conntrackd's examples. */
    public static final int SYNC_PORT = 3780;

    /** Refuses what cannot be done. */
    public DumpOptions {
        if (file.isPresent() == interfaceName.isPresent()) {
            throw new IllegalArgumentException("Give either -r FILE or -i INTERFACE.");
        }
        if (syncPort < 1 || syncPort > 65_535) {
            throw new IllegalArgumentException("--sync-port " + syncPort + ": a port is 1 to 65535.");
        }
        if (count < 0) {
            throw new IllegalArgumentException("--count " + count + ": it must not be negative.");
        }
    }
}
