// SPDX-License-Identifier: Apache-2.0
/**
 * The protocol of conntrackd in its three modes, FTFW (reliable), NOTRACK and ALARM: frames and sessions. Pure: no
 * clock, socket or thread; time enters as {@code nowNanos}, randomness as a {@code RandomGenerator}, bytes as {@code
 * ByteBuf}, effects leave through small ports.
 *
 * <p>Start at {@link io.keepstate.ftfw.SyncSession} and {@link io.keepstate.ftfw.FtfwSession}; the wire is in
 * {@link io.keepstate.ftfw.NetHeader}; the design note is {@code docs/ftfw.md}.
 */
@NullMarked
package io.keepstate.ftfw;

import org.jspecify.annotations.NullMarked;
