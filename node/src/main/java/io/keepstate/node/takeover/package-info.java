// SPDX-License-Identifier: Apache-2.0
/**
 * State first, address second: the ordered steps of a takeover and of giving the role away, the gate before a
 * preemption, the purge of what an inactive node still has in its kernel. Pure, stepped by the sync loop.
 */
@NullMarked
package io.keepstate.node.takeover;

import org.jspecify.annotations.NullMarked;
