// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import io.keepstate.node.stats.RouterSnapshot;

/**
 * One instance as it is shown.
 *
 * @param router as it is now
 * @param statistics its counters, since they were last cleared
 * @param scripts its notify lines
 */
public record InstanceStatus(RouterSnapshot router, InstanceStatistics statistics, InstanceScripts scripts) {}
