// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.Flow;

/** Takes the events of {@link EventStream#receive}. */
@FunctionalInterface
public interface EventHandler {
    /**
     * One event, in the kernel's order.
     *
     * @param originPortId port id of the netlink socket whose request caused it, unsigned 32 bits; 0 for packets and
     *     timers. {@link Conntrack#origin} tells our own.
     */
    void onEvent(EventType type, Flow flow, long originPortId);

    /** One event of an expectation, for streams that subscribed to them; ignored if not overridden. */
    default void onExpectation(EventType type, Expectation expectation, long originPortId) {
        // whoever wants expectations says so twice: here and at the subscription
    }
}
