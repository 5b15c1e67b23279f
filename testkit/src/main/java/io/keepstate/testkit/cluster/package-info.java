// SPDX-License-Identifier: Apache-2.0
/**
 * A whole cluster in one thread: real nodes over simulated kernels and seeded networks, on virtual time.
 */
@NullMarked
package io.keepstate.testkit.cluster;

import org.jspecify.annotations.NullMarked;
