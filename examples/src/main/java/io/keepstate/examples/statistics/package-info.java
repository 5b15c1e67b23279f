// SPDX-License-Identifier: Apache-2.0
/**
 * conntrackd's statistics mode: no peer, no elections; the flows of this machine as they are, and a log of those that
 * ended.
 */
@NullMarked
package io.keepstate.examples.statistics;

import org.jspecify.annotations.NullMarked;
