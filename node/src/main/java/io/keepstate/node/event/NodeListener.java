// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

/** Hears what a node reports, on the sync loop: it must return at once, and hand long work to a thread of its own. */
@FunctionalInterface
public interface NodeListener {
    /** For those who do not care. */
    NodeListener NONE = event -> {};

    /** One event. */
    void on(NodeEvent event);
}
