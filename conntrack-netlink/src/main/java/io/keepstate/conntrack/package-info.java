// SPDX-License-Identifier: Apache-2.0
/**
 * A ctnetlink binding: dump, get, create, update, delete, flush, events, batches.
 */
@NullMarked
package io.keepstate.conntrack;

import org.jspecify.annotations.NullMarked;
