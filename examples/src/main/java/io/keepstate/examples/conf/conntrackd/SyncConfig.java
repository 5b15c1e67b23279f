// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.node.config.ExpectationSync;
import io.keepstate.node.config.PeerLinks;
import io.keepstate.node.config.SyncMode;

/**
 * The {@code Sync} block.
 *
 * @param mode the {@code Mode} block
 * @param commitTimeoutSeconds timeout given to committed flows; 0 means the timeout the peer sent
 * @param purgeTimeoutSeconds how long after leaving the active role the own flows are deleted (default 60)
 * @param links the {@code UDP}, {@code TCP} or {@code Multicast} blocks
 * @param tcpWindowTracking keep TCP window tracking on for committed flows instead of being liberal
 * @param expectations which expectations take part
 */
public record SyncConfig(
        SyncMode mode,
        int commitTimeoutSeconds,
        int purgeTimeoutSeconds,
        PeerLinks links,
        boolean tcpWindowTracking,
        ExpectationSync expectations) {}
