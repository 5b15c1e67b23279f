// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

/**
 * Something the sync session noticed about the peer.
 *
 * @param signal what
 * @param detail what follows from it
 */
public record PeerEvent(Signal signal, String detail) implements NodeEvent {

    /** What happened. */
    public enum Signal {
        /** The peer's session began anew: it has lost what it knew, and what it sent last. */
        RESTARTED("peer restarted"),
        /** The peer answered our hello: both hear each other. */
        CONNECTED("peer connected"),
        /** Messages were lost that the peer could not repeat. */
        GAP_UNSERVED("peer could not repeat lost messages"),
        /** A second daemon sends to this one: conntrackd's FTFW is a protocol of two. */
        SEVERAL_SENDERS("several senders on the sync link"),
        /** The peer asked for everything. */
        RESYNC_REQUESTED("resync requested by the peer"),
        /** Nothing was heard for a while. */
        SILENT("peer fell silent"),
        /** Heard again. */
        BACK("peer is heard again");

        private final String text;

        Signal(String text) {
            this.text = text;
        }
    }

    @Override
    public String text() {
        return detail.isEmpty() ? signal.text : signal.text + ": " + detail;
    }

    @Override
    public boolean isWarning() {
        return signal == Signal.GAP_UNSERVED || signal == Signal.SILENT || signal == Signal.SEVERAL_SENDERS;
    }
}
