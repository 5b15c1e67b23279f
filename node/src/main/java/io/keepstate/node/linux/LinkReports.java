// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.ftfw.channel.DedicatedLinks;
import io.keepstate.ftfw.channel.LinkListener;
import io.keepstate.ftfw.link.LinkDecision;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.sync.StateSync;
import org.jspecify.annotations.Nullable;

/**
 * What the links decide: for the log, and for the sync side, which is made after the links since it must know how much a
 * datagram holds. Decisions are made by the loop only, when both are there.
 */
final class LinkReports implements LinkListener {
    private final NodeListener listener;
    private @Nullable StateSync stateSync;

    LinkReports(NodeListener listener) {
        this.listener = listener;
    }

    void tell(StateSync some) {
        stateSync = some;
    }

    @Override
    public void on(LinkDecision decision, DedicatedLinks links) {
        listener.on(event(decision, links));
        if (stateSync != null && mayHaveSwallowed(decision.reason())) {
            stateSync.linkChanged();
        }
    }

    /**
     * The carrier's loss is noticed a little late; what left in between is nowhere. Told when the last link fails, not only when
     * one is back: the ends of the last moments are not kept for longer.
     */
    static boolean mayHaveSwallowed(LinkDecision.Reason reason) {
        return switch (reason) {
            case LINK_FAILED, PEER_MOVED, NONE_AVAILABLE, AVAILABLE_AGAIN -> true;
            case FAILED_BACK -> false;
        };
    }

    /** In conntrackd's words, since somebody may look for them in the log. */
    private static SyncEvent event(LinkDecision decision, DedicatedLinks links) {
        String device = links.device(decision.link());
        String becomes = "device `" + device + "' becomes dedicated link";
        return switch (decision.reason()) {
            case LINK_FAILED -> SyncEvent.warning(becomes + ": `" + links.device(decision.from()) + "' has failed");
            case PEER_MOVED -> SyncEvent.info(becomes + ": the peer sends over it");
            case FAILED_BACK -> SyncEvent.info(becomes + ": the default link works again");
            case NONE_AVAILABLE ->
                SyncEvent.warning("no dedicated links available! What changes now the peer learns when one is back;"
                        + " look at the cables and the interfaces");
            case AVAILABLE_AGAIN -> SyncEvent.info(becomes + ": it works again");
        };
    }
}
