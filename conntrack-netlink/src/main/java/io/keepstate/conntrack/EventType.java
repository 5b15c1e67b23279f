// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

/** What happened to a flow or an expectation, with the multicast group that tells it (enum nfnetlink_groups). */
public enum EventType {
    /** The flow was made. */
    NEW(1),
    /** The flow changed. */
    UPDATE(2),
    /** The flow ended. The message has no timeout and no protocol state. */
    DESTROY(3);

    private final int group;

    EventType(int group) {
        this.group = group;
    }

    int group() {
        return group;
    }

    /** NFNLGRP_CONNTRACK_EXP_NEW follows NFNLGRP_CONNTRACK_DESTROY, in the same order. */
    int expectationGroup() {
        return group + DESTROY.group;
    }
}
