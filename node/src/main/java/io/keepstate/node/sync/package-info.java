// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel's connection table, the two caches and the session of the peer, joined: events go out, messages come in,
 * and the long pieces of work (dump, bulk, commit, flush, sweep) run in slices between them. Pure, stepped by the sync
 * loop.
 */
@NullMarked
package io.keepstate.node.sync;

import org.jspecify.annotations.NullMarked;
