// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/** Why a virtual router or a sync group changed its state. */
public enum TransitionReason {
    /** It was started. */
    STARTUP("started"),
    /** It owns the virtual addresses (priority 255), so that there is nothing to wait for. */
    OWNER("owner of the addresses"),
    /** No active router was heard for the active down interval. */
    ACTIVE_SILENT("no active router heard"),
    /** The active router resigned with priority 0. */
    ACTIVE_RESIGNED("the active router resigned"),
    /** An active router of lower priority is preempted. */
    PREEMPTING("preempting an active router of lower priority"),
    /** A router of higher priority is active. */
    HIGHER_PRIORITY("a router of higher priority is active"),
    /** A router of equal priority and higher address is active. */
    HIGHER_ADDRESS("a router of equal priority and higher address is active"),
    /** Another owner of the addresses insists on being active. */
    SECOND_OWNER("another owner of the addresses insists"),
    /** Another member of the sync group changed, and the group moves as one. */
    GROUP("moves with its sync group"),
    /** Something it needs is missing. */
    FAULT("fault"),
    /** All that was missing is back. */
    FAULT_CLEARED("all faults cleared"),
    /** An operator took it out of the elections. */
    PAUSED("paused"),
    /** A virtual address vanished from its interface while it was active. */
    ADDRESS_LOST("a virtual address was lost"),
    /** The application gave the role away. */
    RESIGNED("gave the role away"),
    /** This process was late by so much that others have taken over by now. */
    LATE("was late for its own advertisements"),
    /** It was stopped. */
    SHUTDOWN("stopped");

    private final String text;

    TransitionReason(String text) {
        this.text = text;
    }

    /** One clause for a log line. */
    public String text() {
        return text;
    }
}
