// SPDX-License-Identifier: Apache-2.0
/**
 * Snapshots of a node's counters: immutable values, taken on the sync loop.
 */
@NullMarked
package io.keepstate.node.stats;

import org.jspecify.annotations.NullMarked;
