// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * What one virtual router has counted since it was made, or since its counters were cleared. keepalived's names in
 * parentheses.
 *
 * @param advertsReceived advertisements that passed every check (advert_rcvd)
 * @param advertsSent advertisements handed out for sending, those of priority 0 included (advert_sent)
 * @param advertsIgnored advertisements that came while it was stopped, in fault or within its startup delay, or that an owner
 *     does not listen to
 * @param becameActive how often it became active (become_master)
 * @param releasedActive how often it stopped being active (release_master)
 * @param priorityZeroReceived advertisements of priority 0 received (pri_zero_rcvd)
 * @param priorityZeroSent advertisements of priority 0 sent (pri_zero_sent)
 * @param addressListMismatches advertisements whose addresses are not the configured ones (addr_list_err)
 * @param intervalMismatches advertisements of version 3 whose interval is not the configured one (advert_interval_err
 *     together with those of version 2, which are rejected)
 * @param intervalsCapped advertisements whose interval was longer than is believed
 * @param preemptionsHeld advertisements of lower priority that the preemption hold or the preempt delay let stand
 * @param losingAdvertsAnswered advertisements of a losing router that were answered at once
 * @param advertsSkipped own advertisements that were overdue by a whole interval or more, and left out
 * @param version2Ignored advertisements of version 2 ignored since their sender speaks version 3 as well
 * @param lateYields how often it yielded because it was late for its own advertisements
 * @param addressesLost how often it yielded because a virtual address was lost
 */
public record VirtualRouterCounters(
        long advertsReceived,
        long advertsSent,
        long advertsIgnored,
        long becameActive,
        long releasedActive,
        long priorityZeroReceived,
        long priorityZeroSent,
        long addressListMismatches,
        long intervalMismatches,
        long intervalsCapped,
        long preemptionsHeld,
        long losingAdvertsAnswered,
        long advertsSkipped,
        long version2Ignored,
        long lateYields,
        long addressesLost) {}
