// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/** What a message of the peer did to the external cache. Each is counted. */
public enum Applied {
    /** A flow not known before. */
    ADDED,
    /** A flow that was known was announced as new: a fresh entry in the old one's place. */
    REPLACED,
    /** A known flow was updated. */
    UPDATED,
    /** A flow was deleted. */
    REMOVED,
    /** A flow that is not known was to be deleted; nothing to do. */
    NOT_KNOWN,
    /** No room for a flow not known before: {@code HashLimit} is reached. */
    FULL,
    /** A flow bigger than any flow a kernel reports. */
    TOO_BIG,
    /** The payload could not be read; the decoder counts the reason. */
    MALFORMED,
    /** An expectation; not kept. */
    EXPECTATION,
    /** A message type that is neither flow nor expectation. */
    UNKNOWN_TYPE;

    private static final Applied[] ALL = values();

    static int count() {
        return ALL.length;
    }
}
