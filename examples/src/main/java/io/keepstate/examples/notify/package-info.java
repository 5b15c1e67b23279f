// SPDX-License-Identifier: Apache-2.0
/**
 * Telling the world of a change of state, as keepalived does: notify scripts and named pipes.
 */
@NullMarked
package io.keepstate.examples.notify;

import org.jspecify.annotations.NullMarked;
