// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

import java.util.Locale;

/** What a group is doing. */
public enum Role {
    /** Not taking part yet, or no more. */
    STOPPED,
    /** Listening to the active node, ready to take over. */
    BACKUP,
    /** Elected: adverts go out, state and addresses are here or on their way. */
    ACTIVE,
    /** Something it depends on is down; takes no part until it is repaired. */
    FAULT;

    /** Lower case, for log lines. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
