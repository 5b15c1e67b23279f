// SPDX-License-Identifier: Apache-2.0
/**
 * A ctnetlink binding: dump, get, create, update, delete, flush, events and their filter in the kernel, expectations,
 * statistics, batches. {@link io.keepstate.conntrack.Conntrack} is the way in.
 */
@NullMarked
package io.keepstate.conntrack;

import org.jspecify.annotations.NullMarked;
