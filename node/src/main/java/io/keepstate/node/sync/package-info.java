// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel's connection table, the caches and the session with the peer, joined by {@link
 * io.keepstate.node.sync.StateSync}: our flows go out, the peer's come in, each kept in a cache or passed on at once,
 * expectations beside them; the long pieces of work (dump, poll, bulk, commit, flush, sweep) run in slices between.
 * Pure, stepped by the sync loop.
 */
@NullMarked
package io.keepstate.node.sync;

import org.jspecify.annotations.NullMarked;
