// SPDX-License-Identifier: Apache-2.0
/**
 * Models of the C daemons as peers, weaknesses included: what our side meets in a mixed pair. They model the behaviour
 * seen on the wire, not the code.
 */
@NullMarked
package io.keepstate.testkit.legacy;

import org.jspecify.annotations.NullMarked;
