// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

/** What became of one write that was handed to a {@link CommitPipeline}; each has a counter. */
public enum CommitOutcome {
    /** The kernel has the flow now and did not before. */
    CREATED,
    /** The kernel had the flow with the same translation; state, timeout and status were brought up to date. */
    UPDATED,
    /**
     * The kernel had this connection with another translation (picked up from a packet, or a stale one); that entry
     * was deleted, the flow created.
     */
    REPLACED,
    /** Another connection owns the translated address and port this one needs; nothing was changed. */
    NAT_CLASH,
    /** The connection this one belongs to is not in the kernel, also not at the end. */
    NO_MASTER,
    /** The flow was deleted. */
    DELETED,
    /** There was no such flow to delete. */
    ABSENT,
    /** The kernel refused; the error number says why. */
    FAILED,
    /** The kernel's answers were lost again and again, or the entry changed faster than it could be written. */
    UNRESOLVED,
    /** Not attempted: {@link CommitPipeline#cancel} came first. */
    CANCELLED;

    /** Whether the kernel's table now has what was asked for. */
    public boolean isSuccess() {
        return switch (this) {
            case CREATED, UPDATED, REPLACED, DELETED, ABSENT -> true;
            case NAT_CLASH, NO_MASTER, FAILED, UNRESOLVED, CANCELLED -> false;
        };
    }
}
