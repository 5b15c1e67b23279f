// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

/** How much a {@link Finding} matters. */
public enum Severity {
    /** The configuration cannot be used. */
    ERROR,
    /** Something written in the file is wrong and is left out or replaced; the rest can be used. */
    INVALID,
    /** Something written in the file has no effect, or another effect than its author may expect. */
    WARNING,
    /** Worth a line in the log, nothing to fix. */
    NOTE
}
