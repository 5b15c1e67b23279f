// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/**
 * What tells one flow from another: the tuple of the original direction and the zone. The kernel's
 * conntrack id is not part of it: ids never match between machines.
 *
 * @param original tuple of the direction of the first packet
 * @param zone conntrack zone, 0..65535; 0 is the default zone
 */
public record FlowKey(Tuple original, int zone) {}
