// SPDX-License-Identifier: Apache-2.0
/**
 * Small programs, each of which shows one module alone.
 */
@NullMarked
package io.keepstate.examples.programs;

import org.jspecify.annotations.NullMarked;
