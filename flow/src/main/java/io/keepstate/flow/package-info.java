// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary of connection tracking: flows, expectations, tuples, keys, NAT, protocol states. Pure values.
 */
@NullMarked
package io.keepstate.flow;

import org.jspecify.annotations.NullMarked;
