// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a node is run in keepalived's place: what keepalived(8) takes on its command line and a node can follow.
 *
 * @param configFile {@code -f}
 * @param configId {@code -i}: which of the lines that begin with {@code @} count; the host's name by default
 * @param pidFile {@code -p}: names the process; a file below /run by default
 * @param vrrpPidFile {@code -r}: names the process as well, since there is no child of its own for VRRP
 * @param namespace {@code -s}: the network namespace to run in
 * @param logging where to
 * @param dumpConfiguration {@code -d}: writes the data of {@code SIGUSR1} into the log once it runs
 */
public record KeepalivedOptions(
        Path configFile,
        Optional<String> configId,
        Optional<Path> pidFile,
        Optional<Path> vrrpPidFile,
        Optional<String> namespace,
        Logging logging,
        boolean dumpConfiguration) {
    /** keepalived's own. */
    public static final Path DEFAULT_CONFIG = Path.of("/etc/keepalived/keepalived.conf");

    /**
     * Where log lines go.
     *
     * @param console {@code -l}
     * @param syslog unless {@code -G}
     * @param facility the syslog facility's number (RFC 5424 6.2.1), of {@code -S}
     * @param file {@code -g}, with {@code _vrrp} before its last dot
     * @param detailed {@code -D}
     */
    public record Logging(boolean console, boolean syslog, int facility, Optional<Path> file, boolean detailed) {}
}
