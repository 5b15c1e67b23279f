// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import java.util.Optional;

/**
 * A conntrackd.conf. What the file leaves out has conntrackd's own default.
 *
 * @param sync how state travels between the nodes; never together with {@code stats}
 * @param stats statistics mode
 * @param general everything else
 */
public record ConntrackdConfig(Optional<SyncConfig> sync, Optional<StatsConfig> stats, GeneralConfig general) {}
