// SPDX-License-Identifier: Apache-2.0
/**
 * A cluster in one thread: virtual clock, seeded network, simulated kernel.
 */
@NullMarked
package io.keepstate.testkit;

import org.jspecify.annotations.NullMarked;
