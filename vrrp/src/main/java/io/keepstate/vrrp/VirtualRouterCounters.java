// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * What one virtual router has counted since it was made.
 *
 * @param advertsReceived advertisements that passed every check
 * @param advertsSent advertisements handed out for sending, those of priority 0 included
 * @param advertsIgnored advertisements that came while it was stopped or in fault
 * @param becameActive how often it became active
 * @param releasedActive how often it stopped being active
 * @param priorityZeroReceived advertisements of priority 0 received
 * @param priorityZeroSent advertisements of priority 0 sent
 * @param addressListMismatches advertisements whose addresses are not the configured ones
 * @param intervalsCapped advertisements whose interval was longer than is believed
 * @param preemptionsHeld advertisements of lower priority that the preemption hold let stand
 * @param losingAdvertsAnswered advertisements of a losing router that were answered at once
 * @param advertsSkipped own advertisements that were overdue by a whole interval or more, and left out
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
        long intervalsCapped,
        long preemptionsHeld,
        long losingAdvertsAnswered,
        long advertsSkipped) {}
