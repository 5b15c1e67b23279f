// SPDX-License-Identifier: Apache-2.0
/**
 * VRRP version 2 and 3: the state machine and sync groups. Pure.
 */
@NullMarked
package io.keepstate.vrrp;

import org.jspecify.annotations.NullMarked;
