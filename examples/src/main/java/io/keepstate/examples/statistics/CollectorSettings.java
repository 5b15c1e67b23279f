// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.statistics;

import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.NetlinkSettings;

/**
 * What is collected.
 *
 * @param filter which flows
 * @param flowLimit the most flows at once, conntrackd's {@code HashLimit}
 * @param netlink how the kernel's table is followed
 */
public record CollectorSettings(FlowFilter filter, int flowLimit, NetlinkSettings netlink) {}
