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
    long intervalMismatches;
    long intervalsCapped;
    long preemptionsHeld;
    long losingAdvertsAnswered;
    long advertsSkipped;
    long version2Ignored;
    long lateYields;
    long addressesLost;

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
                intervalMismatches,
                intervalsCapped,
                preemptionsHeld,
                losingAdvertsAnswered,
                advertsSkipped,
                version2Ignored,
                lateYields,
                addressesLost);
    }

    void clear() {
        advertsReceived = 0;
        advertsSent = 0;
        advertsIgnored = 0;
        becameActive = 0;
        releasedActive = 0;
        priorityZeroReceived = 0;
        priorityZeroSent = 0;
        addressListMismatches = 0;
        intervalMismatches = 0;
        intervalsCapped = 0;
        preemptionsHeld = 0;
        losingAdvertsAnswered = 0;
        advertsSkipped = 0;
        version2Ignored = 0;
        lateYields = 0;
        addressesLost = 0;
    }
}
