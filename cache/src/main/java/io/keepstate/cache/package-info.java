// SPDX-License-Identifier: Apache-2.0
/**
 * Connection state in memory: the flows of our own kernel ({@link io.keepstate.cache.InternalCache}), and what a peer
 * told us of its flows ({@link io.keepstate.cache.ExternalCache}); the same for the few expectations there are. Pure:
 * time is an argument. No flow is retained as an object: flows live as packed records outside the heap, and callers
 * hold handles.
 */
@NullMarked
package io.keepstate.cache;

import org.jspecify.annotations.NullMarked;
