// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.NetlinkSettings;
import java.util.Optional;

/**
 * The {@code General} block.
 *
 * @param hashLimit {@code HashLimit}: the most flows a cache holds (default 262144)
 * @param logFile path of the log file, empty when {@code LogFile off}
 * @param syslog the syslog facility, empty when {@code Syslog off}
 * @param lockFile path of the lock file
 * @param unix the control socket
 * @param systemd whether systemd is told that we run, and its watchdog served (default on)
 * @param realTimePriority {@code Scheduler}: 1 to 99, 0 for none; empty when the file does not say
 * @param netlink how the kernel's table is followed
 * @param filter which flows are learnt from the kernel
 */
public record GeneralConfig(
        int hashLimit,
        Optional<String> logFile,
        Optional<SyslogFacility> syslog,
        String lockFile,
        UnixSocket unix,
        boolean systemd,
        Optional<Integer> realTimePriority,
        NetlinkSettings netlink,
        FlowFilter filter) {

    /**
     * The {@code UNIX} block.
     *
     * @param path of the control socket, at most 107 octets
     */
    public record UnixSocket(String path) {}
}
