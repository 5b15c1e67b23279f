// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** What makes a changed configuration that of another virtual router, which cannot take over the state of the old one. */
public final class Reconfiguration {

    private Reconfiguration() {}

    /**
     * Why a running router cannot become this one: its packets would be others', or come by another socket.
     *
     * @return one sentence for each reason; empty if {@link VirtualRouter#reconfigure} will do it
     */
    public static List<String> obstacles(VirtualRouterConfig from, VirtualRouterConfig to) {
        List<String> obstacles = new ArrayList<>();
        compare(obstacles, "VRID", from.virtualRouterId(), to.virtualRouterId());
        compare(obstacles, "interface", from.interfaceName(), to.interfaceName());
        compare(obstacles, "address family", from.family(), to.family());
        compare(obstacles, "destination", destination(from), destination(to));
        compare(obstacles, "virtual MAC", from.virtualMac(), to.virtualMac());
        compare(obstacles, "authentication header", hasHeader(from), hasHeader(to));
        return obstacles;
    }

    static VirtualRouterConfig with(VirtualRouterConfig config, VirtualAddress added, boolean advertised) {
        for (VirtualAddress each : config.allAddresses()) {
            if (each.address().equals(added.address())) {
                throw new IllegalArgumentException(
                        "virtual router " + config.name() + " has the address " + added.address() + " already");
            }
        }
        VirtualRouterConfigBuilder changed = config.toBuilder();
        return (advertised ? changed.address(added) : changed.excludedAddress(added)).build();
    }

    static VirtualRouterConfig without(VirtualRouterConfig config, IpAddress removed) {
        List<VirtualAddress> advertised = without(config.addresses(), removed);
        List<VirtualAddress> excluded = without(config.excludedAddresses(), removed);
        if (advertised.equals(config.addresses()) && excluded.equals(config.excludedAddresses())) {
            throw new IllegalArgumentException("virtual router " + config.name() + " has no address " + removed);
        }
        return config.toBuilder()
                .addresses(advertised)
                .excludedAddresses(excluded)
                .build();
    }

    private static List<VirtualAddress> without(List<VirtualAddress> addresses, IpAddress removed) {
        return addresses.stream()
                .filter(each -> !each.address().equals(removed))
                .toList();
    }

    /** Where its packets arrive: peers come and go, but not a group, nor the own address that peers send to. */
    private static Object destination(VirtualRouterConfig config) {
        if (config.transport() instanceof Transport.Unicast) {
            return "unicast " + config.sourceAddress().map(IpAddress::toString).orElse("to any own address");
        }
        return config.transport();
    }

    private static boolean hasHeader(VirtualRouterConfig config) {
        return config.authentication().type() == Authentication.TYPE_HEADER;
    }

    private static void compare(List<String> obstacles, String what, Object from, Object to) {
        if (!from.equals(to)) {
            obstacles.add(what + " changes from " + from + " to " + to);
        }
    }
}
