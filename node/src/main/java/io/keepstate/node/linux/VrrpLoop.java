// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.node.VrrpDuty;

/** The VRRP duty with its sockets. */
final class VrrpLoop implements DutyCycle {
    private final VrrpDuty duty;
    private final AdvertSockets sockets;

    VrrpLoop(VrrpDuty duty, AdvertSockets sockets) {
        this.duty = duty;
        this.sockets = sockets;
    }

    @Override
    public int doWork(long nowNanos) {
        if (duty.nextDeadline() <= nowNanos) {
            // A loop that slept may have adverts waiting that make the expired timer moot.
            sockets.receive(nowNanos);
        }
        return duty.doWork(nowNanos);
    }

    @Override
    public long nextDeadline() {
        return duty.nextDeadline();
    }
}
