// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import io.keepstate.node.stats.RouterSnapshot;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.HashMap;
import java.util.Map;

/**
 * Counters since they were last cleared: the routers' own are never set back. Pure, confined to one thread.
 *
 * <p>A reload may make a router anew under the name of another, and that one counts from zero.
 */
public final class ClearedCounters {
    private final Map<String, Cleared> cleared = new HashMap<>();

    private record Cleared(VirtualRouterConfig config, InstanceStatistics counters) {}

    /** What this router counted since it was cleared, or since it was made. */
    public InstanceStatistics of(RouterSnapshot router) {
        InstanceStatistics all = InstanceStatistics.of(router);
        Cleared earlier = cleared.get(router.config().name());
        if (earlier == null) {
            return all;
        }
        if (!isSame(earlier.config(), router.config()) || all.isBelow(earlier.counters())) {
            cleared.remove(router.config().name());
            return all;
        }
        return all.since(earlier.counters());
    }

    /** Counts from zero from now on. */
    public void clear(RouterSnapshot router) {
        cleared.put(router.config().name(), new Cleared(router.config(), InstanceStatistics.of(router)));
    }

    /** What makes another router of one with the same name. */
    private static boolean isSame(VirtualRouterConfig one, VirtualRouterConfig other) {
        return one.virtualRouterId() == other.virtualRouterId()
                && one.interfaceName().equals(other.interfaceName())
                && one.family() == other.family();
    }
}
