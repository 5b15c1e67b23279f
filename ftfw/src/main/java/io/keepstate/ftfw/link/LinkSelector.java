// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.link;

import io.keepstate.ftfw.link.LinkDecision.Reason;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of several dedicated links carries what is sent.
 *
 * <p>As conntrackd: the default link at first; another one when the link in use fails; and whichever the peer sends over.
 * Beyond conntrackd: only a link that is up <em>and</em> has carrier is used; and the default link is used again once it
 * has worked for {@value #FAIL_BACK_SECONDS} s.
 *
 * <p>Two nodes that follow each other could chase each other for ever, each moving to where the other was. So after a
 * move the peer's messages on other links are not followed for a while: in flight, they were sent before it heard of the
 * move. That while is longer on the default link, so that of two nodes that crossed, the one off it gives way.
 *
 * <p>A peer that conntrackd runs never goes back by itself, and cannot when its end of the default link is dead while ours
 * looks well. So going back is a trial: if nothing of the peer is heard on the default link, its next message on the
 * other brings us there again, and the next trial comes later and later, up to ten minutes.
 *
 * <p>Pure; one thread.
 */
public final class LinkSelector {
    private static final long SECOND = 1_000_000_000L;

    /** How long the default link must work before it is used again. */
    public static final int FAIL_BACK_SECONDS = 5;

    /** Longer than the 1 s after which an idle peer says something, with room for its answer. */
    private static final long HOLD_ON_DEFAULT = 3 * SECOND;

    private static final long HOLD_ELSEWHERE = SECOND;
    /** What comes by a link so long after it failed did not leave before. */
    private static final long IN_FLIGHT = SECOND;

    private static final long FAIL_BACK = FAIL_BACK_SECONDS * SECOND;
    private static final long RETRY = 60 * SECOND;
    private static final long LATEST_RETRY = 600 * SECOND;

    private static final long NEVER = Long.MAX_VALUE;

    private final LinkState[] states;
    private final int preferred;
    private int current;
    /** Until then the peer is not followed. */
    private long settledAt = Long.MIN_VALUE;

    private long failBackAt = NEVER;
    private long retry = FAIL_BACK;
    /** We went to the default link by ourselves, and have not heard the peer there since. */
    private boolean trial;

    private boolean none;
    private long noneSince;
    /** The peer is heard by a link that is said to be dead: then it is not. */
    private boolean heardAllTheSame;

    private long switches;
    private long timesNone;

    /**
     * All links are taken to work until told otherwise.
     *
     * @param links how many there are, 1 or more
     * @param preferred index of the default link
     */
    public LinkSelector(int links, int preferred) {
        if (links < 1 || preferred < 0 || preferred >= links) {
            throw new IllegalArgumentException("default link " + preferred + " of " + links + " links");
        }
        states = new LinkState[links];
        Arrays.fill(states, LinkState.RUNNING);
        this.preferred = preferred;
        current = preferred;
    }

    /** The link that carries what is sent. */
    public int current() {
        return current;
    }

    /**
     * Whether a link is there that works: as the interfaces tell, or because the peer is heard by one that is said not to.
     */
    public boolean isAnyAvailable() {
        return !none || heardAllTheSame;
    }

    /** What a link can do, as last told. */
    public LinkState state(int link) {
        return states[link];
    }

    /** How often another link came into use. */
    public long switches() {
        return switches;
    }

    /** How often no link worked. */
    public long timesNoneAvailable() {
        return timesNone;
    }

    /** An interface changed, or was looked at; null if nothing follows from it. */
    public @Nullable LinkDecision onState(int link, LinkState state, long nowNanos) {
        boolean before = works(link);
        states[link] = state;
        if (before == state.works()) {
            return null;
        }
        if (link == preferred) {
            retry = FAIL_BACK;
            failBackAt = state.works() && current != preferred ? nowNanos + FAIL_BACK : NEVER;
        }
        if (state.works()) {
            return link == current || !works(current) ? available(link, nowNanos) : null;
        }
        return link == current ? replace(nowNanos) : null;
    }

    private @Nullable LinkDecision available(int link, long nowNanos) {
        if (link != current) {
            return move(link, none ? Reason.AVAILABLE_AGAIN : Reason.LINK_FAILED, nowNanos);
        }
        if (!none) {
            return null;
        }
        none = false;
        return new LinkDecision(Reason.AVAILABLE_AGAIN, current, current);
    }

    private LinkDecision replace(long nowNanos) {
        int next = works(preferred) ? preferred : firstThatWorks();
        if (next >= 0) {
            return move(next, Reason.LINK_FAILED, nowNanos);
        }
        none = true;
        noneSince = nowNanos;
        heardAllTheSame = false;
        timesNone++;
        return new LinkDecision(Reason.NONE_AVAILABLE, current, current);
    }

    private int firstThatWorks() {
        for (int link = 0; link < states.length; link++) {
            if (works(link)) {
                return link;
            }
        }
        return -1;
    }

    /** A valid message of the peer came by this link; null if nothing follows from it. */
    public @Nullable LinkDecision onHeard(int link, long nowNanos) {
        if (link == current) {
            trial = false;
            heardAllTheSame = none && nowNanos - noneSince > IN_FLIGHT;
            return null;
        }
        // From a link that does not work it came before that link failed.
        if (!works(link) || (works(current) && nowNanos < settledAt)) {
            return null;
        }
        if (current == preferred) {
            retry = trial ? Math.min(LATEST_RETRY, Math.max(RETRY, 2 * retry)) : RETRY;
        }
        return move(link, Reason.PEER_MOVED, nowNanos);
    }

    /** What is due by time; null if nothing is. */
    public @Nullable LinkDecision onDeadline(long nowNanos) {
        return nowNanos < failBackAt ? null : move(preferred, Reason.FAILED_BACK, nowNanos);
    }

    /** When {@link #onDeadline} has something to do; Long.MAX_VALUE: never. */
    public long nextDeadline() {
        return failBackAt;
    }

    private LinkDecision move(int to, Reason reason, long nowNanos) {
        int from = current;
        current = to;
        none = false;
        switches++;
        boolean home = to == preferred;
        trial = home && reason != Reason.PEER_MOVED;
        settledAt = nowNanos + (home ? HOLD_ON_DEFAULT : HOLD_ELSEWHERE);
        failBackAt = !home && works(preferred) ? nowNanos + retry : NEVER;
        return new LinkDecision(reason, from, to);
    }

    private boolean works(int link) {
        return states[link].works();
    }
}
