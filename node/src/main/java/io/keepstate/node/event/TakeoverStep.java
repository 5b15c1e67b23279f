// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

import java.util.Locale;

/** The awaited steps of a takeover, in order. */
public enum TakeoverStep {
    /** Putting the peer's flows into the kernel. */
    COMMIT,
    /** Putting the virtual addresses on the interfaces. */
    ADDRESSES,
    /** Rebuilding the internal cache from the kernel. */
    RESYNC;

    /** Lower case, for log lines. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
