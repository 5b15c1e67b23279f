// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.loop.EventLoop;
import io.keepstate.node.BoundedQueue;
import io.keepstate.node.ToSync;
import io.keepstate.node.ToVrrp;
import io.keepstate.node.VrrpDuty;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.linux.LinkNetworks;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * The elections of a node with their sockets, and the loop they run on.
 *
 * @param loop takes commands of other threads
 */
record VrrpSide(AdvertSockets sockets, VrrpDuty duty, VrrpLoop loop, EventLoop eventLoop) {
    private static final Duration REHEARSAL = Duration.ofMillis(100);

    /**
     * Opens the sockets; nothing is said yet.
     *
     * @param sources the address that each virtual router advertises from
     * @param networks what is on the links
     */
    static VrrpSide open(
            NodeConfiguration configuration,
            Map<VirtualRouterConfig, IpAddress> sources,
            LinkNetworks networks,
            BoundedQueue<ToSync> toSync,
            BoundedQueue<ToVrrp> toVrrp,
            SignsOfLife signs,
            Resources resources) {
        AdvertSockets sockets = resources.own(new AdvertSockets(networks));
        VrrpDuty duty = new VrrpDuty(
                configuration.groups(),
                router -> Objects.requireNonNull(sources.get(router)),
                configuration.sync().isPresent(),
                sockets,
                toSync,
                toVrrp);
        for (VirtualRouter router : duty.routers()) {
            sockets.openOrAwait(router);
        }
        if (!configuration.groups().isEmpty()) {
            ElectionRehearsal.run(configuration, REHEARSAL);
            sockets.rehearse();
        }
        VrrpLoop loop = new VrrpLoop(duty, sockets, signs);
        EventLoop eventLoop = resources.own(new EventLoop(
                "vrrp-loop", loop, (part, times, last) -> duty.fail(part + " keeps failing", System.nanoTime())));
        sockets.register(eventLoop);
        return new VrrpSide(sockets, duty, loop, eventLoop);
    }
}
