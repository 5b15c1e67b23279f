// SPDX-License-Identifier: Apache-2.0
/**
 * FTFW, the reliable delivery protocol of conntrackd: frames and session. Pure: no clock, socket, thread or random
 * number; time enters as {@code nowNanos}, bytes as {@code ByteBuf}, effects leave through one-method ports.
 *
 * <p>Start at {@link io.keepstate.ftfw.FtfwSession}; the wire is in
 * {@link io.keepstate.ftfw.NetHeader}; the design note is {@code docs/ftfw.md}.
 */
@NullMarked
package io.keepstate.ftfw;

import org.jspecify.annotations.NullMarked;
