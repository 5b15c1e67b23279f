// SPDX-License-Identifier: Apache-2.0
/**
 * One firewall node over ports: takeover, handover, resync. Pure.
 */
@NullMarked
package io.keepstate.node;

import org.jspecify.annotations.NullMarked;
