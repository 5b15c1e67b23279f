// SPDX-License-Identifier: Apache-2.0
/**
 * What a node reports: changes of role, steps of a takeover, signals of the peer, limits. Values with a line
 * of text each, delivered on the sync loop.
 */
@NullMarked
package io.keepstate.node.event;

import org.jspecify.annotations.NullMarked;
