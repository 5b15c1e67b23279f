// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.linux.HoldingFailure;
import io.keepstate.vrrp.linux.HoldingsOwner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** What groups hold, by rtnetlink and nf_tables, which answer at once. */
final class LinuxAddresses implements Addresses {
    private final HoldingsOwner owner;

    LinuxAddresses(HoldingsOwner owner) {
        this.owner = owner;
    }

    @Override
    public void up(VrrpGroup group, Completion done) {
        List<HoldingFailure> failures = new ArrayList<>();
        for (VirtualRouterConfig router : group.routers()) {
            // Read here: a lease begins when the kernel is asked, not when the loop woke up.
            failures.addAll(owner.up(router, System.nanoTime()));
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
