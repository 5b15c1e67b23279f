// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.time.Duration;

/**
 * How a virtual router takes part in elections. {@link #DEFAULT} is keepalived's, but for the guard of late timers.
 *
 * @param preempt whether it takes the role from an active router of lower priority (keepalived: not nopreempt)
 * @param preemptDelay how long it listens to an active router of lower priority before it preempts, 0 to 1000 s; begins
 *     with the first advertisement of lower priority heard as a backup, and when it is over the whole down interval must
 *     still expire (preempt_delay)
 * @param downTimerAdverts advertisements that may be missed before the active router is taken for dead, 1 to 100
 *     (down_timer_adverts; RFC 9568: 3)
 * @param maxLearnedIntervalCentis longest interval believed of another active router; a forged one cannot delay a takeover
 *     by more than {@code downTimerAdverts} of these and the skew; 0: ten seconds, or ten times the own interval if that is
 *     more
 * @param lateTimerGuard whether an active router that was late for its own advertisements by so much that others have taken
 *     over yields instead of advertising; on, since that router's state is out of date (keepalived: timer_expired_backup,
 *     off)
 * @param startupDelay how long after its start it neither hears nor says anything (vrrp_startup_delay)
 * @param higherPrioritySendsAdvert whether an active router that yields advertises once more, so that the winner announces
 *     its addresses again (higher_prio_send_advert)
 * @param lowerPriorityNoAdvert whether the advertisement of a losing router goes unanswered (lower_prio_no_advert; RFC 9568
 *     asks for the answer)
 * @param ownerIgnoresAdverts whether the owner of the addresses hears nobody (owner_ignore_adverts)
 * @param dualVersion whether it speaks version 2 beside version 3 (RFC 9568 section 8.4); version 3 over IPv4 only
 * @param skipAddressListCheck whether the addresses in advertisements go unchecked while their sender stays the same
 *     (skip_check_adv_addr)
 * @param onLinkSource whether only what comes from an address of the link is heard: from one of the networks of the router's
 *     interface, whose virtual addresses do not count, or a link-local IPv6 address. An interface without addresses hears
 *     nobody then. keepalived does not ask, nor do the RFCs
 */
public record ElectionRules(
        boolean preempt,
        Duration preemptDelay,
        int downTimerAdverts,
        int maxLearnedIntervalCentis,
        boolean lateTimerGuard,
        Duration startupDelay,
        boolean higherPrioritySendsAdvert,
        boolean lowerPriorityNoAdvert,
        boolean ownerIgnoresAdverts,
        boolean dualVersion,
        boolean skipAddressListCheck,
        boolean onLinkSource) {

    private static final Duration MAX_PREEMPT_DELAY = Duration.ofSeconds(1000);
    private static final int MAX_ADVERTS = 100;

    /** keepalived's defaults, and the guard of late timers. */
    public static final ElectionRules DEFAULT =
            new ElectionRules(true, Duration.ZERO, 3, 0, true, Duration.ZERO, false, false, false, false, false, false);

    /** Refuses numbers out of range. */
    public ElectionRules {
        check(
                !preemptDelay.isNegative() && preemptDelay.compareTo(MAX_PREEMPT_DELAY) <= 0,
                "preempt delay " + preemptDelay + " must be 0 to 1000 seconds");
        check(
                downTimerAdverts >= 1 && downTimerAdverts <= MAX_ADVERTS,
                "down timer of " + downTimerAdverts + " advertisements must be 1 to 100");
        check(maxLearnedIntervalCentis >= 0, "the longest believed interval must not be negative");
        check(!startupDelay.isNegative(), "startup delay " + startupDelay + " must not be negative");
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(complaint);
        }
    }
}
