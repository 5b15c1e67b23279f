// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.linux.HoldingFailure;
import io.keepstate.vrrp.linux.HoldingsOwner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What groups hold, by rtnetlink and nf_tables, which answer at once.
 *
 * <p>Only an advertised address that cannot go up is a failure. An excluded address, a route, a rule, or a refusal of
 * packets that the kernel does not take is warned about and counted: the other node most likely has the same file and the
 * same kernel, so that nobody would serve if it cost the role.
 */
final class LinuxAddresses implements Addresses {
    private final HoldingsOwner owner;
    private final NodeListener listener;
    private long refused;

    LinuxAddresses(HoldingsOwner owner, NodeListener listener) {
        this.owner = owner;
        this.listener = listener;
    }

    /** What could not go up beside advertised addresses, each time it was tried. */
    long refused() {
        return refused;
    }

    @Override
    public void up(VrrpGroup group, Completion done) {
        List<HoldingFailure> failures = new ArrayList<>();
        for (VirtualRouterConfig router : group.routers()) {
            // Read here: a lease begins when the kernel is asked, not when the loop woke up.
            for (HoldingFailure failure : owner.up(router, System.nanoTime())) {
                if (failure.isAdvertisedBy(router)) {
                    failures.add(failure);
                } else {
                    refused++;
                    listener.on(SyncEvent.warning(router.name() + ": " + failure + "; going on without it"));
                }
            }
        }
        answer(failures, done);
    }

    @Override
    public void down(VrrpGroup group, Completion done) {
        List<HoldingFailure> failures = new ArrayList<>();
        List<VirtualRouterConfig> routers = new ArrayList<>(group.routers());
        Collections.reverse(routers);
        routers.forEach(router -> failures.addAll(owner.down(router)));
        answer(failures, done);
    }

    private static void answer(List<HoldingFailure> failures, Completion done) {
        done.done(
                failures.isEmpty()
                        ? null
                        : failures.stream().map(HoldingFailure::toString).collect(Collectors.joining("; ")));
    }
}
