// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

/**
 * What our configuration lets out.
 *
 * @param sendTimeout send the remaining lifetime; conntrackd does so only without {@code CommitTimeout}
 * @param tcpWindowTracking send TCP window scales; conntrackd's {@code TCPWindowTracking On}
 */
public record WireOptions(boolean sendTimeout, boolean tcpWindowTracking) {
    /** conntrackd's default: timeouts go out, window scales do not. */
    public static final WireOptions DEFAULT = new WireOptions(true, false);
}
