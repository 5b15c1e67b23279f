// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import java.util.Set;

/** Parts of a {@link FlowLine} that are there only on demand. */
public enum LinePart {
    /** Address family in front, {@code conntrack -o extended}. */
    LAYER3,
    /** Seconds until the entry expires. */
    TIMEOUT,
    /** Packets and bytes behind each tuple. */
    COUNTERS,
    /** The kernel's reference count. */
    USE,
    /** The kernel's id, {@code conntrack -o id}. */
    ID;

    /** What {@code conntrack -L} prints without further options. */
    public static final Set<LinePart> DEFAULT = Set.of(TIMEOUT, COUNTERS, USE);
}
