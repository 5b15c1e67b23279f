// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import io.keepstate.node.config.SyncMode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A pair as it is soaked: how state travels, who is active, what the link loses, what happens to it; and what may be
 * expected of it then.
 *
 * @param weAreActive whether the flows are in our kernel, and conntrackd stands by; else the other way round
 * @param loss percent of the packets of synchronisation that get lost in each direction, from the handshake on
 * @param troubles what happens, one after the other; after each there is quiet
 */
record SoakCase(Mode mode, SyncWire wire, boolean weAreActive, int loss, List<Trouble> troubles) {

    /** The modes, each with what both sides are told. */
    enum Mode {
        FTFW(SyncMode.Ftfw.DEFAULT, "Mode FTFW { CommitTimeout 1800 }"),
        NOTRACK(SyncMode.NoTrack.DEFAULT, "Mode NOTRACK { CommitTimeout 1800 }"),
        ALARM(
                new SyncMode.Alarm(Duration.ofSeconds(1), Duration.ofSeconds(5)),
                "Mode ALARM { RefreshTime 1 CacheTimeout 5 CommitTimeout 1800 }");

        final SyncMode ours;
        final String theirs;

        Mode(SyncMode ours, String theirs) {
            this.ours = ours;
            this.theirs = theirs;
        }
    }

    /** What happens while flows come, change and go. */
    enum Trouble {
        /** Nothing but the loss. */
        LOSS,
        /** Our end of the cable is switched off for a while. */
        CUT_OURS,
        /** Its end of the cable is. */
        CUT_THEIRS,
        /** Our node goes without a word and comes back. */
        RESTART_OURS,
        /** conntrackd is killed and started again. */
        RESTART_THEIRS
    }

    /** Why a conntrackd that stands by cannot become equal by itself. Ours becomes equal in every case. */
    enum Hole {
        /** NOTRACK: what it misses it counts, {@code Packets lost}, and never asks for. */
        NEVER_ASKS,
        /** W12: it never forgets what no message ends, so it keeps what ended while our node was away. */
        NEVER_SWEEPS
    }

    /** The holes that this may fall into; none where both caches must become equal. */
    Set<Hole> holes(Trouble trouble) {
        Set<Hole> holes = EnumSet.noneOf(Hole.class);
        if (!weAreActive || mode == Mode.ALARM) {
            return holes;
        }
        // A carrier that goes is noticed up to 200 ms late, and one that comes back may not carry at once.
        boolean loses = loss > 0 || trouble == Trouble.CUT_OURS || trouble == Trouble.CUT_THEIRS;
        if (mode == Mode.NOTRACK && loses && !wire.isTcp()) {
            holes.add(Hole.NEVER_ASKS);
        }
        if (trouble == Trouble.RESTART_OURS) {
            holes.add(Hole.NEVER_SWEEPS);
        }
        return holes;
    }

    @Override
    public String toString() {
        return mode + " over " + wire + ", " + (weAreActive ? "ours" : "C") + " active, loss " + loss + " %, "
                + troubles;
    }
}
