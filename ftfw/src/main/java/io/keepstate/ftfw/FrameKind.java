// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import org.jspecify.annotations.Nullable;

/** What a well-formed message is, by type and flags. */
public enum FrameKind {
    /** An object's state: types {@link NetHeader#CT_NEW} to {@link NetHeader#EXP_DEL}. */
    DATA,
    /** A range that arrived. */
    ACK,
    /** A range that did not arrive. */
    NACK,
    /** Send everything again. */
    RESYNC,
    /** Nothing to say; never sent again when lost. */
    ALIVE;

    /**
     * Classifies as conntrackd does: a state message may carry no flag but HELLO and HELLO_BACK; of a control's flags
     * the first known one counts, in the order ACK, NACK, RESYNC, ALIVE.
     *
     * @return null if the mix is malformed
     */
    static @Nullable FrameKind of(int type, int flags) {
        if (type <= NetHeader.EXP_DEL) {
            return (flags & ~(NetHeader.HELLO | NetHeader.HELLO_BACK)) == 0 ? DATA : null;
        }
        if (type != NetHeader.CTL) {
            return null;
        }
        if ((flags & NetHeader.ACK) != 0) {
            return ACK;
        }
        if ((flags & NetHeader.NACK) != 0) {
            return NACK;
        }
        if ((flags & NetHeader.RESYNC) != 0) {
            return RESYNC;
        }
        return (flags & NetHeader.ALIVE) != 0 ? ALIVE : null;
    }

    /** Whether a message of this kind carries a range. */
    public boolean isRanged() {
        return this == ACK || this == NACK || this == RESYNC;
    }
}
