// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/** Where an entry is in its life. */
public enum EntryStatus {
    /** Added, never updated since: sent as a new flow. */
    NEW,
    /** Updated at least once: sent as an update. */
    ALIVE,
    /** Deleted, kept only until every peer was told. */
    DEAD;

    private static final EntryStatus[] ALL = values();

    static EntryStatus of(int ordinal) {
        return ALL[ordinal];
    }
}
