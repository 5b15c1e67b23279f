// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.keepalived.InstanceConfig.InitialState;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.Advertisement;
import java.time.Duration;

/** How an instance takes part in elections: preemption and its delay, the down timer, what a rival is answered. */
final class InstanceElection {
    private final InstanceReader read;
    private final InstanceDefaults defaults;
    private final Findings findings;
    private final boolean strict;

    InstanceElection(InstanceReader read, InstanceDefaults defaults, Findings findings, boolean strict) {
        this.read = read;
        this.defaults = defaults;
        this.findings = findings;
        this.strict = strict;
    }

    void addTo(VirtualRouterConfigBuilder router, int priority, InitialState state) {
        boolean noPreempt = noPreempt(priority, state);
        router.preempt(!noPreempt)
                .preemptDelay(preemptDelay(priority, state, noPreempt))
                .downTimerAdverts(downTimerAdverts())
                .ownerIgnoresAdverts(strict || read.ownerIgnoresAdverts.orElse(defaults.ownerIgnoresAdverts()))
                .skipAddressListCheck(read.skipAddressListCheck.orElse(defaults.skipAddressListCheck()))
                .lowerPriorityNoAdvert(lowerPriorityNoAdvert())
                .higherPrioritySendsAdvert(higherPrioritySendsAdvert());
    }

    private boolean noPreempt(int priority, InitialState state) {
        Token at = read.noPreemptAt;
        if (at == null || !read.noPreempt) {
            return false;
        }
        if (state == InitialState.MASTER || priority == Advertisement.PRIORITY_OWNER) {
            findings.invalid(
                    at,
                    "nopreempt needs `state BACKUP' and a priority below 255, it has no effect here:"
                            + " change the state or remove it");
            return false;
        }
        return true;
    }

    private Duration preemptDelay(int priority, InitialState state, boolean noPreempt) {
        Token at = read.preemptDelayAt;
        if (at == null || read.preemptDelay.isZero()) {
            return Duration.ZERO;
        }
        if (noPreempt || state == InitialState.MASTER || priority == Advertisement.PRIORITY_OWNER || strict) {
            findings.invalid(
                    at,
                    "preempt_delay of instance " + read.name
                            + " has no effect with nopreempt, `state MASTER', priority 255 or strict mode: remove one of"
                            + " them");
            return Duration.ZERO;
        }
        return read.preemptDelay;
    }

    private int downTimerAdverts() {
        int wanted = read.downTimerAdverts == 0 ? defaults.downTimerAdverts() : read.downTimerAdverts;
        if (strict && wanted != 3) {
            findings.invalid(read.block, "strict mode waits for 3 adverts, that is used: remove down_timer_adverts");
            return 3;
        }
        return wanted;
    }

    private boolean lowerPriorityNoAdvert() {
        if (strict && read.lowerPriorityNoAdvert.filter(value -> !value).isPresent()) {
            findings.invalid(read.block, "strict mode leaves a losing router unanswered: remove lower_prio_no_advert");
        }
        return strict || read.lowerPriorityNoAdvert.orElse(defaults.lowerPriorityNoAdvert());
    }

    private boolean higherPrioritySendsAdvert() {
        boolean wanted = read.higherPrioritySendsAdvert.orElse(defaults.higherPrioritySendsAdvert());
        if (strict && wanted) {
            findings.invalid(
                    read.block, "strict mode does not advertise when it yields: remove higher_prio_send_advert");
        }
        return wanted && !strict;
    }
}
