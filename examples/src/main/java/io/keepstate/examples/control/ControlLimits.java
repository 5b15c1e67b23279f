// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import java.time.Duration;

/**
 * What one control server tolerates.
 *
 * @param clients connected at once
 * @param requestTimeout from connecting to the complete request
 * @param stallTimeout without any octet of the reply being taken
 * @param octetsPerTurn written to one client before the others get their turn
 */
public record ControlLimits(int clients, Duration requestTimeout, Duration stallTimeout, int octetsPerTurn) {
    /** 64 clients, 10 s to speak, 30 s to read on, 256 KiB a turn. */
    public static final ControlLimits DEFAULT =
            new ControlLimits(64, Duration.ofSeconds(10), Duration.ofSeconds(30), 256 * 1024);
}
