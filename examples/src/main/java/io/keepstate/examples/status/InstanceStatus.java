// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import io.keepstate.node.stats.RouterSnapshot;

/**
 * One instance as it is shown.
 *
 * @param router as it is now
 * @param statistics its counters, since they were last cleared
 * @param scripts its script lines
 * @param strict whether {@code vrrp_strict} or {@code strict_mode} holds it to the letter of the protocol
 */
public record InstanceStatus(
        RouterSnapshot router, InstanceStatistics statistics, InstanceScripts scripts, boolean strict) {}
