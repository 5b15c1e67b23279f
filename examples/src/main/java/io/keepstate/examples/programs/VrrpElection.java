// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import io.keepstate.vrrp.Effect;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.linux.VrrpService;
import java.util.List;

/**
 * Shows {@code vrrp} alone: takes part in the election of one virtual router, holds its address while active, and prints
 * why it changes its state. {@code VrrpElection eth0 51 100 192.0.2.1/24}, on two hosts with different priorities. Needs
 * CAP_NET_ADMIN and CAP_NET_RAW; resigns on control-C.
 */
public final class VrrpElection {
    private VrrpElection() {}

    /** Takes interface, VRID, priority and virtual address. */
    public static void main(String[] arguments) {
        VirtualRouterConfig router = VirtualRouterConfig.builder("router", arguments[0])
                .virtualRouterId(Integer.parseInt(arguments[1]))
                .priority(Integer.parseInt(arguments[2]))
                .address(arguments[3])
                .build();
        try {
            VrrpService service =
                    VrrpService.start(Thread::new, List.of(SyncGroupConfig.of(router)), VrrpElection::print);
            Runtime.getRuntime().addShutdownHook(new Thread(service::close));
        } catch (RuntimeException e) {
            System.err.println("VRRP election: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void print(Effect effect) {
        if (effect instanceof Effect.StateChanged change) {
            System.out.println(change.from() + " -> " + change.to() + ": " + change.text());
        } else if (effect instanceof Effect.Noted noted) {
            System.out.println(noted.text());
        }
    }
}
