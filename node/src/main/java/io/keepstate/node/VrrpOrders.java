// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.vrrp.SyncGroup;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Carries out orders on the elections, on the loop that owns them. */
final class VrrpOrders {
    private final List<SyncGroup> groups;
    private final Predicate<VirtualRouter> configured;

    /**
     * For these groups.
     *
     * @param configured told of each router whose configuration changed; false if that could not be passed on
     */
    VrrpOrders(List<SyncGroup> groups, Predicate<VirtualRouter> configured) {
        this.groups = groups;
        this.configured = configured;
    }

    /** Null when done, else one sentence that says why not. */
    @Nullable
    String carryOut(VrrpOrder order, long nowNanos) {
        try {
            dispatch(order, nowNanos);
            return null;
        } catch (IllegalArgumentException e) {
            // What the configuration refuses, with a sentence made for people.
            return String.valueOf(e.getMessage());
        }
    }

    private void dispatch(VrrpOrder order, long nowNanos) {
        if (order instanceof VrrpOrder.Resign resign) {
            group(resign.group()).resign(resign.reason(), nowNanos);
        } else if (order instanceof VrrpOrder.Pause pause) {
            group(pause.group()).pause(nowNanos);
        } else if (order instanceof VrrpOrder.Resume resume) {
            group(resume.group()).resume(nowNanos);
        } else if (order instanceof VrrpOrder.SetPriority priority) {
            router(priority.router()).setPriority(priority.priority(), nowNanos);
        } else if (order instanceof VrrpOrder.AddAddress add) {
            VirtualRouter router = router(add.router());
            configure(router, with(router.config(), add), nowNanos);
        } else if (order instanceof VrrpOrder.RemoveAddress remove) {
            VirtualRouter router = router(remove.router());
            configure(router, without(router.config(), remove.address()), nowNanos);
        } else if (order instanceof VrrpOrder.Configure configure) {
            configure(router(configure.router().name()), configure.router(), nowNanos);
        } else {
            throw new AssertionError(order);
        }
    }

    private void configure(VirtualRouter router, VirtualRouterConfig config, long nowNanos) {
        VirtualRouterConfig before = router.config();
        router.reconfigure(config, nowNanos);
        if (!configured.test(router)) {
            // Nobody would put the addresses up that are advertised.
            router.reconfigure(before, nowNanos);
            throw new IllegalArgumentException("the node is too busy; try again");
        }
    }

    private static VirtualRouterConfig with(VirtualRouterConfig config, VrrpOrder.AddAddress add) {
        IpAddress address = add.address().address();
        if (config.allAddresses().stream().anyMatch(held -> held.address().equals(address))) {
            throw new IllegalArgumentException("virtual router " + config.name() + " has " + address + " already");
        }
        List<VirtualAddress> advertised = new ArrayList<>(config.addresses());
        List<VirtualAddress> excluded = new ArrayList<>(config.excludedAddresses());
        (add.advertised() ? advertised : excluded).add(add.address());
        return with(config, advertised, excluded);
    }

    private static VirtualRouterConfig without(VirtualRouterConfig config, IpAddress address) {
        List<VirtualAddress> advertised = new ArrayList<>(config.addresses());
        List<VirtualAddress> excluded = new ArrayList<>(config.excludedAddresses());
        boolean removed = advertised.removeIf(held -> held.address().equals(address));
        removed |= excluded.removeIf(held -> held.address().equals(address));
        if (!removed) {
            throw new IllegalArgumentException("virtual router " + config.name() + " has no address " + address);
        }
        return with(config, advertised, excluded);
    }

    private static VirtualRouterConfig with(
            VirtualRouterConfig config, List<VirtualAddress> advertised, List<VirtualAddress> excluded) {
        return config.toBuilder()
                .addresses(advertised)
                .excludedAddresses(excluded)
                .build();
    }

    private SyncGroup group(String name) {
        return groups.stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no group " + name));
    }

    private VirtualRouter router(String name) {
        return groups.stream()
                .flatMap(group -> group.members().stream())
                .filter(router -> router.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no virtual router " + name));
    }
}
