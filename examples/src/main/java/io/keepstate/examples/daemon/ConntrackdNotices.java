// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.PeerEvent;
import io.keepstate.node.event.PurgeEvent;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says beside the node's own lines what conntrackd says at the same moments: scripts look for it. */
final class ConntrackdNotices implements NodeListener {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    @Override
    public void on(NodeEvent event) {
        if (event instanceof PurgeEvent.Done) {
            LOG.info("flushing kernel conntrack table (scheduled)");
        } else if (event instanceof PeerEvent peer && peer.signal() == PeerEvent.Signal.RESYNC_REQUESTED) {
            LOG.info("resync requested by other node");
        }
    }

    /** What it says of its configuration before it serves. */
    static List<String> atStart(SyncConfiguration sync) {
        List<String> lines = new ArrayList<>();
        if (sync.mode().disableInternalCache()) {
            lines.add("disabling internal cache");
        }
        if (sync.mode().disableExternalCache()) {
            lines.add("disabling external cache");
        }
        if (sync.netlink().pollInterval().isPresent()) {
            lines.add("running in polling mode");
            return lines;
        }
        if (sync.netlink().reliable()) {
            lines.add("reliable ctnetlink event delivery is ENABLED.");
        }
        if (!sync.filter().equals(FlowFilter.ALL)) {
            lines.add(
                    "using " + (sync.netlink().filterInKernel() ? "kernel-space" : "user-space") + " event filtering");
        }
        return lines;
    }
}
