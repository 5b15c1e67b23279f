// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.link;

/**
 * What a {@link LinkSelector} decided.
 *
 * @param link the link that is in use now
 * @param from the link that was in use before; the same if nothing moved
 */
public record LinkDecision(Reason reason, int from, int link) {
    /** Why. */
    public enum Reason {
        /** The link in use failed: another one works. */
        LINK_FAILED,
        /** The peer sends over another link. */
        PEER_MOVED,
        /** The default link works again, and has done so for a while. */
        FAILED_BACK,
        /** The link in use failed and no other works; told once. */
        NONE_AVAILABLE,
        /** After that: a link works again. */
        AVAILABLE_AGAIN
    }

    /** Whether another link is in use than before. */
    public boolean isSwitch() {
        return from != link;
    }
}
