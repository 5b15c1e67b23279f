// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** Copies of single parts. */
final class Attributes {
    private Attributes() {}

    /** Copies those that are there. */
    static void copy(Flow from, FlowBuilder to, Attribute... attributes) {
        for (Attribute attribute : attributes) {
            if (from.has(attribute)) {
                to.set(attribute, from.get(attribute));
            }
        }
    }
}
