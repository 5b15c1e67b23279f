// SPDX-License-Identifier: Apache-2.0
/**
 * Elections under faults: up to 16 routers, or sync groups, on segments that lose, delay and partition, from one seed.
 */
@NullMarked
package io.keepstate.testkit.election;

import org.jspecify.annotations.NullMarked;
