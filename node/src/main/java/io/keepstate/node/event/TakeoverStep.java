// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

import java.util.Locale;

/** The steps of a takeover, in order. */
public enum TakeoverStep {
    /** Putting the peer's flows into the kernel. */
    COMMIT,
    /** Putting the virtual addresses on the interfaces. */
    ADDRESSES,
    /** Telling the neighbours. */
    ANNOUNCE,
    /** Rebuilding the internal cache from the kernel. */
    RESYNC,
    /** Emptying the external cache: its flows are in the kernel now. */
    FLUSH_EXTERNAL,
    /** Telling the standby everything. */
    BULK;

    /** Lower case, for log lines. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
