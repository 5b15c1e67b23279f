// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import java.util.Optional;

/**
 * The {@code General} block.
 *
 * @param nice the {@code Nice} value, which has no effect (neither has it in conntrackd since 1.4.5)
 * @param hashSize {@code HashSize}: buckets of conntrackd's caches; ours size themselves
 * @param hashLimit {@code HashLimit}: the most flows a cache holds (default 262144)
 * @param logFile path of the log file, empty when {@code LogFile off}
 * @param syslog the syslog facility, empty when {@code Syslog off}
 * @param lockFile path of the lock file
 * @param unix the control socket
 * @param netlinkBufferSize octets of the event socket's receive buffer; 0 leaves the system's default
 * @param netlinkBufferSizeMaxGrowth octets up to which that buffer doubles after an overrun
 * @param netlinkOverrunResyncSeconds delay of the resync after an overrun (default 30); -1 when off
 * @param netlinkEventsReliable whether the kernel must not lose events
 * @param filter which flows are learnt from the kernel
 */
public record GeneralConfig(
        int nice,
        int hashSize,
        int hashLimit,
        Optional<String> logFile,
        Optional<SyslogFacility> syslog,
        String lockFile,
        UnixSocket unix,
        int netlinkBufferSize,
        int netlinkBufferSizeMaxGrowth,
        int netlinkOverrunResyncSeconds,
        boolean netlinkEventsReliable,
        FilterConfig filter) {

    /**
     * The {@code UNIX} block.
     *
     * @param path of the control socket, at most 107 octets
     * @param backlog the {@code Backlog} value, which has no effect
     */
    public record UnixSocket(String path, int backlog) {}
}
