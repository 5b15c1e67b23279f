// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop.vrrp;

import io.keepstate.examples.interop.vrrp.AdvertTrace.Advert;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * A change of the active router that a test brought about.
 *
 * @param event what was done to the router that was active
 * @param by the program that took over
 * @param sinceMicros wall clock of the event
 * @param old addresses from which the old one advertises
 * @param heir addresses from which the new one advertises
 * @param formulaMicros what the RFC gives from the last advertisement of the old one to the first of the new one
 */
record Takeover(
        Event event,
        Router.Program by,
        long sinceMicros,
        Set<InetAddress> old,
        Set<InetAddress> heir,
        long formulaMicros) {

    enum Event {
        CRASH,
        STOP,
        LINK_LOSS
    }

    /** Milliseconds beyond the formula, as the wire has it. */
    double excessMillis(List<Advert> adverts) {
        Advert first = adverts.stream()
                .filter(each -> each.micros() >= sinceMicros && heir.contains(each.source()) && each.priority() != 0)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no advertisement of the heir: " + this));
        Advert last = adverts.stream()
                .filter(each -> each.micros() <= first.micros() && old.contains(each.source()))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new AssertionError("no advertisement of the old one: " + this));
        if (event == Event.STOP != (last.priority() == 0)) {
            throw new AssertionError("priority " + last.priority() + " came last: " + this);
        }
        return (first.micros() - last.micros() - formulaMicros) / 1000.0;
    }
}
