// SPDX-License-Identifier: Apache-2.0
/**
 * Kernel parameters under {@code /proc/sys}: reading and writing them, and a journal from which their original values
 * come back after a crash.
 */
@NullMarked
package io.keepstate.linux.sysctl;

import org.jspecify.annotations.NullMarked;
