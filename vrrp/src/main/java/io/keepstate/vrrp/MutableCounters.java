// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/** The counters of a virtual router while they count. */
final class MutableCounters {
    long advertsReceived;
    long advertsSent;
    long advertsIgnored;
    long becameActive;
    long releasedActive;
    long priorityZeroReceived;
    long priorityZeroSent;
    long addressListMismatches;
    long intervalsCapped;
    long preemptionsHeld;
    long losingAdvertsAnswered;
    long advertsSkipped;

    VirtualRouterCounters snapshot() {
        return new VirtualRouterCounters(
                advertsReceived,
                advertsSent,
                advertsIgnored,
                becameActive,
                releasedActive,
                priorityZeroReceived,
                priorityZeroSent,
                addressListMismatches,
                intervalsCapped,
                preemptionsHeld,
                losingAdvertsAnswered,
                advertsSkipped);
    }
}
