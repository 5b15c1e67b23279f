// SPDX-License-Identifier: Apache-2.0
/**
 * FTFW, the reliable delivery protocol of conntrackd: frames and session. Pure.
 */
@NullMarked
package io.keepstate.ftfw;

import org.jspecify.annotations.NullMarked;
