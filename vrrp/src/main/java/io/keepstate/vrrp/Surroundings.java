// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.IpAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells the virtual routers of a host what happens around them: links, source addresses, tracked things. Each is told what
 * concerns it, and no more. Pure; belongs to the loop of the routers.
 */
public final class Surroundings {

    private final List<VirtualRouter> routers;

    /** Of these routers. */
    public Surroundings(Collection<VirtualRouter> routers) {
        this.routers = List.copyOf(routers);
    }

    /** The interface is able, or unable, to carry packets. */
    public void onLink(String interfaceName, boolean up, long nowNanos) {
        FaultCause cause = FaultCause.link(interfaceName);
        Tracked tracked = Tracked.networkInterface(interfaceName);
        for (VirtualRouter router : routers) {
            if (needed(router.config()).contains(interfaceName)) {
                if (up) {
                    router.clearFault(cause, nowNanos);
                } else {
                    router.fault(cause, nowNanos);
                }
            }
            router.onTrack(tracked, TrackValue.of(up), nowNanos);
        }
    }

    /** Something is known of a tracked thing. */
    public void onTrack(Tracked what, TrackValue value, long nowNanos) {
        for (VirtualRouter router : routers) {
            router.onTrack(what, value, nowNanos);
        }
    }

    /** The address that a router advertises from changed; empty when its interface has none. */
    public void onSource(String routerName, Optional<IpAddress> source, long nowNanos) {
        for (VirtualRouter router : routers) {
            if (router.name().equals(routerName)) {
                FaultCause missing = noSource(router.config());
                if (source.isPresent()) {
                    router.setSourceAddress(source.get());
                    router.clearFault(missing, nowNanos);
                } else {
                    router.fault(missing, nowNanos);
                }
            }
        }
    }

    /** The fault of a router whose interface has no address to advertise from. */
    public static FaultCause noSource(VirtualRouterConfig config) {
        return new FaultCause(FaultCause.Kind.SOURCE_ADDRESS, config.interfaceName());
    }

    /** The interfaces that this router uses: those of its advertisements and of its addresses. */
    public static Set<String> used(VirtualRouterConfig config) {
        Set<String> names = new LinkedHashSet<>();
        names.add(config.interfaceName());
        names.add(config.advertisingInterface());
        config.allAddresses().forEach(address -> names.add(address.interfaceName()));
        // Those below virtual MACs that are made for single addresses.
        config.holdings().allAddresses().forEach(address -> names.add(address.interfaceName()));
        return names;
    }

    /** The interfaces whose links this router must have. */
    public static Set<String> needed(VirtualRouterConfig config) {
        return config.trackPrimary() ? used(config) : Set.of();
    }

    /** What these groups refer to, interfaces among it. */
    public static Set<Tracked> tracked(Collection<SyncGroupConfig> groups) {
        Set<Tracked> wanted = new LinkedHashSet<>();
        for (SyncGroupConfig group : groups) {
            group.rules().tracks().forEach(track -> wanted.add(track.what()));
            group.members().forEach(member -> member.tracks().forEach(track -> wanted.add(track.what())));
        }
        return wanted;
    }

    /** All interfaces that are to be watched for these groups: used or tracked. */
    public static Set<String> watched(Collection<SyncGroupConfig> groups) {
        Set<String> names = new LinkedHashSet<>();
        groups.forEach(group -> group.members().forEach(member -> names.addAll(used(member))));
        for (Tracked each : tracked(groups)) {
            if (each.kind() == Tracked.Kind.INTERFACE) {
                names.add(each.name());
            }
        }
        return names;
    }

    /** The shortest interval of advertisements of these groups in nanoseconds; one second if there are none. */
    public static long shortestIntervalNanos(Collection<SyncGroupConfig> groups) {
        return shortestIntervalNanos(groups.stream().flatMap(group -> group.members().stream()));
    }

    /** As {@link #shortestIntervalNanos(Collection)}, of routers. */
    public static long shortestIntervalNanos(Stream<VirtualRouterConfig> routers) {
        return routers.mapToLong(router -> ActiveDownInterval.intervalNanos(router.intervalCentis()))
                .min()
                .orElse(1_000_000_000L);
    }
}
