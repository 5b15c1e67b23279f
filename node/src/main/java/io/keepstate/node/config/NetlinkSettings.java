// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How the kernel's connection table is followed.
 *
 * @param buffer {@code NetlinkBufferSize}, octets of the event socket's receive buffer; 0 for the system's choice
 * @param bufferLimit {@code NetlinkBufferSizeMaxGrowth}, to which the buffer may grow after an overrun
 * @param overrunResync {@code NetlinkOverrunResync}, from an overrun of the event socket to the dump that repairs it;
 *     empty: never, the gap stays until a resync is asked for
 * @param reliable {@code NetlinkEventsReliable}: the kernel keeps a flow until the event of its end was taken, which
 *     may cost packets under load
 * @param pollInterval {@code PollSecs}: no events, the whole table is read this often; empty for events
 * @param filterInKernel {@code Filter From Kernelspace}: the filter is also attached to the event socket
 */
public record NetlinkSettings(
        int buffer,
        int bufferLimit,
        Optional<Duration> overrunResync,
        boolean reliable,
        Optional<Duration> pollInterval,
        boolean filterInKernel) {
    /** A buffer of 2 MiB that may grow to 8 MiB, for the rest conntrackd's defaults. */
    public static final NetlinkSettings DEFAULT =
            new NetlinkSettings(2 << 20, 8 << 20, Optional.of(Duration.ofSeconds(30)), false, Optional.empty(), false);

    /** Checks the ranges. */
    public NetlinkSettings {
        check(buffer >= 0 && bufferLimit >= 0, "a netlink buffer cannot be negative");
        check(overrunResync.map(delay -> !delay.isNegative()).orElse(true), "overrun resync must not be negative");
        check(
                pollInterval.map(interval -> interval.toSeconds() >= 1).orElse(true),
                "the poll interval must be at least one second");
    }

    /** The same with another buffer, in octets. */
    public NetlinkSettings withBuffer(int size, int limit) {
        return new NetlinkSettings(size, limit, overrunResync, reliable, pollInterval, filterInKernel);
    }

    /** The same with another answer to lost events; empty for none. */
    public NetlinkSettings withOverrunResync(Optional<Duration> delay) {
        return new NetlinkSettings(buffer, bufferLimit, delay, reliable, pollInterval, filterInKernel);
    }

    /** The same, reliable or not. */
    public NetlinkSettings withReliable(boolean value) {
        return new NetlinkSettings(buffer, bufferLimit, overrunResync, value, pollInterval, filterInKernel);
    }

    /** The same, but polling. */
    public NetlinkSettings withPollInterval(Duration interval) {
        return new NetlinkSettings(buffer, bufferLimit, overrunResync, reliable, Optional.of(interval), filterInKernel);
    }

    /** The same with the filter in the kernel too, or not. */
    public NetlinkSettings withFilterInKernel(boolean value) {
        return new NetlinkSettings(buffer, bufferLimit, overrunResync, reliable, pollInterval, value);
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException("sync: " + complaint);
        }
    }
}
