// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

/** The words of {@code -o}; all but JSON are conntrack's. */
enum OutputPart {
    XML,
    EXTENDED,
    TIMESTAMP,
    ID,
    KTIMESTAMP,
    LABELS,
    USERSPACE,
    SAVE,
    JSON
}
