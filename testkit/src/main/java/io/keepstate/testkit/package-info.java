// SPDX-License-Identifier: Apache-2.0
/**
 * What simulations stand on: virtual clock, agenda, seeded network. Clusters and simulated kernels are in {@code cluster}.
 */
@NullMarked
package io.keepstate.testkit;

import org.jspecify.annotations.NullMarked;
