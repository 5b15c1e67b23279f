// SPDX-License-Identifier: Apache-2.0
/**
 * What the process and its threads may do: capabilities, scheduling, locked memory.
 */
@NullMarked
package io.keepstate.linux.process;

import org.jspecify.annotations.NullMarked;
