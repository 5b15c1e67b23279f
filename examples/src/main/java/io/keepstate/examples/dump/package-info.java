// SPDX-License-Identifier: Apache-2.0
/**
 * {@code keepstate dump}: advertisements, sync messages and announcements of a capture or an interface, a line each. What
 * is wrong with one is said by reason, and what could be read of it is shown all the same.
 */
@NullMarked
package io.keepstate.examples.dump;

import org.jspecify.annotations.NullMarked;
