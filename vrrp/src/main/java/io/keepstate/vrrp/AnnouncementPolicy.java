// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.time.Duration;

/**
 * How often virtual addresses are announced after they went up.
 *
 * @param repeat rounds in a burst, at least 1 (keepalived: garp_master_repeat)
 * @param delay time between the first and the second burst; zero: no second one (garp_master_delay)
 * @param refresh time between later rounds; zero: none (garp_master_refresh)
 * @param refreshRepeat rounds at each refresh, at least 1 (garp_master_refresh_repeat)
 */
public record AnnouncementPolicy(int repeat, Duration delay, Duration refresh, int refreshRepeat) {

    /** keepalived's defaults: five rounds, five more after five seconds, no refresh. */
    public static final AnnouncementPolicy DEFAULT = new AnnouncementPolicy(5, Duration.ofSeconds(5), Duration.ZERO, 1);

    /** Refuses empty bursts and negative times. */
    public AnnouncementPolicy {
        if (repeat < 1 || refreshRepeat < 1) {
            throw new IllegalArgumentException(
                    "an announcement burst has at least one round, not " + Math.min(repeat, refreshRepeat));
        }
        if (delay.isNegative() || refresh.isNegative()) {
            throw new IllegalArgumentException("announcement delay and refresh must not be negative");
        }
    }

    /** The same with another time to the second burst. */
    public AnnouncementPolicy withDelay(Duration newDelay) {
        return new AnnouncementPolicy(repeat, newDelay, refresh, refreshRepeat);
    }
}
