// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.event.PriorityEvent;
import io.keepstate.node.event.RouterChanged;
import io.keepstate.node.port.AdvertSink;
import io.keepstate.vrrp.Effect;
import io.keepstate.vrrp.EffectSink;
import io.keepstate.vrrp.VirtualRouter;
import java.util.function.Function;

/**
 * Sends what virtual routers say, and reports what happens to them to the sync loop, for its listeners and announcements.
 * Whoever listens can live without some of it where there is no room; a change of role cannot, and goes another way
 * ({@link NodeGroup}).
 */
final class EffectReports implements EffectSink {
    private final AdvertSink adverts;
    private final BoundedQueue<ToSync> toSync;
    private final Function<VirtualRouter, String> groupOf;

    /**
     * Reports to this queue.
     *
     * @param groupOf the name of a router's group
     */
    EffectReports(AdvertSink adverts, BoundedQueue<ToSync> toSync, Function<VirtualRouter, String> groupOf) {
        this.adverts = adverts;
        this.toSync = toSync;
        this.groupOf = groupOf;
    }

    @Override
    public void accept(Effect effect) {
        if (effect instanceof Effect.SendAdvertisement send) {
            adverts.send(send.router(), send.advertisement());
        } else if (effect instanceof Effect.Reconfigured configured) {
            adverts.configured(configured.router());
        } else if (effect instanceof Effect.StateChanged changed) {
            report(changed(changed));
        } else if (effect instanceof Effect.Reannounce again) {
            toSync.offerSpare(new ToSync.Reannounce(groupOf.apply(again.router())));
        } else if (effect instanceof Effect.LoserHeard heard) {
            report(new PriorityEvent.LoserHeard(
                    heard.router().name(), heard.source().toString(), heard.priority()));
        } else if (effect instanceof Effect.PriorityChanged changed) {
            report(new PriorityEvent.Changed(changed.router().name(), changed.state(), changed.from(), changed.to()));
        } else if (effect instanceof Effect.Noted noted) {
            toSync.offerSpare(new ToSync.Note(noted.router().name() + ": " + noted.text()));
        }
    }

    void report(NodeEvent event) {
        toSync.offerSpare(new ToSync.Report(event));
    }

    private RouterChanged changed(Effect.StateChanged changed) {
        VirtualRouter router = changed.router();
        return new RouterChanged(
                router.name(),
                groupOf.apply(router),
                changed.from(),
                changed.to(),
                router.priority(),
                changed.reason(),
                changed.text());
    }
}
