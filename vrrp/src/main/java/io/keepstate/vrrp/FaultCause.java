// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * One thing that a virtual router needs and that is missing. A router is in fault as long as at least one cause stands.
 *
 * @param kind what kind of thing it is
 * @param subject which one: an interface, a tracker, a part of the application
 */
public record FaultCause(Kind kind, String subject) {

    /** The kinds of causes. */
    public enum Kind {
        /** An interface is missing, down, or without carrier. */
        LINK("link is down"),
        /** The interface has no address to advertise from. */
        SOURCE_ADDRESS("no source address for advertisements"),
        /** A tracked object failed. */
        TRACKER("tracked object failed"),
        /** Nothing is known yet about a tracked object without which the router cannot be active. */
        TRACKER_UNKNOWN("no result yet"),
        /** An operator has taken the router out of the elections. */
        PAUSED("paused"),
        /** The application cannot do its work. */
        APPLICATION("application");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** The link of this interface is down. */
    public static FaultCause link(String interfaceName) {
        return new FaultCause(Kind.LINK, interfaceName);
    }

    /** The router is taken out of the elections. */
    public static FaultCause paused(String name) {
        return new FaultCause(Kind.PAUSED, name);
    }

    /** Why a router goes to fault for this cause. */
    TransitionReason reason() {
        return kind == Kind.PAUSED ? TransitionReason.PAUSED : TransitionReason.FAULT;
    }

    /** Whether an active router can still say goodbye: not on a link that is down. */
    boolean leavesVoice() {
        return kind != Kind.LINK;
    }

    @Override
    public String toString() {
        return subject + ": " + kind.text;
    }
}
