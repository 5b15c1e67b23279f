// SPDX-License-Identifier: Apache-2.0
/**
 * What the process and its threads are and may do: capabilities, identity, threads, scheduling, locked memory, signals,
 * and the process events of the kernel.
 */
@NullMarked
package io.keepstate.linux.process;

import org.jspecify.annotations.NullMarked;
