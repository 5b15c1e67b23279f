// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.ftfw.AlarmConfig;
import io.keepstate.ftfw.AlarmSession;
import io.keepstate.ftfw.BestEffortConfig;
import io.keepstate.ftfw.FtfwConfig;
import io.keepstate.ftfw.FtfwSession;
import io.keepstate.ftfw.NoTrackSession;
import io.keepstate.ftfw.SyncSession;
import io.keepstate.node.config.SyncMode;
import java.util.SplittableRandom;

/** The session of each mode. */
final class Sessions {
    /** A request for a resync is cheap to repeat, and what it repairs is not: no need for long intervals. */
    private static final long RESYNC_INTERVAL_NANOS = 1_000_000_000L;

    private Sessions() {}

    /**
     * A session that has not begun.
     *
     * @param mtu of the link to the peer, in octets
     * @param wallSeconds where the sequence numbers begin
     * @param seed of the times at which ALARM announces
     */
    static SyncSession of(SyncMode mode, int mtu, long wallSeconds, long seed) {
        if (mode instanceof SyncMode.Ftfw ftfw) {
            return new FtfwSession(
                    FtfwConfig.defaults()
                            .withMtu(mtu)
                            .withAckWindowSize(ftfw.ackWindow())
                            .withResendQueueSize(ftfw.resendLimit())
                            .withResyncInterval(RESYNC_INTERVAL_NANOS),
                    wallSeconds);
        }
        if (mode instanceof SyncMode.Alarm alarm) {
            int refreshSeconds = (int) alarm.refreshTime().toSeconds();
            return new AlarmSession(
                    AlarmConfig.DEFAULT.withMtu(mtu).withRefreshSeconds(refreshSeconds),
                    wallSeconds,
                    new SplittableRandom(seed));
        }
        return noTrack(mtu, wallSeconds);
    }

    /** The session of NOTRACK, which alone can send what nobody keeps. */
    static NoTrackSession noTrack(int mtu, long wallSeconds) {
        return new NoTrackSession(BestEffortConfig.DEFAULT.withMtu(mtu), wallSeconds);
    }
}
