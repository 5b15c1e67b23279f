// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.statistics;

import io.keepstate.node.config.FlowFilter;

/**
 * What is collected.
 *
 * @param filter which flows
 * @param flowLimit the most flows at once, conntrackd's {@code HashLimit}
 * @param netlinkBuffer octets of the event socket's receive buffer
 * @param netlinkBufferLimit to which it may grow
 * @param reliableEvents whether the kernel repeats events that did not fit
 * @param pollSeconds between two readings of the table instead of events; 0 for events
 */
public record CollectorSettings(
        FlowFilter filter,
        int flowLimit,
        int netlinkBuffer,
        int netlinkBufferLimit,
        boolean reliableEvents,
        int pollSeconds) {}
