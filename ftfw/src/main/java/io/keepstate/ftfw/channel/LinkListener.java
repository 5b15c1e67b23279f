// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.ftfw.link.LinkDecision;

/** Told when another link comes into use, or none works; on the loop's thread. */
@FunctionalInterface
public interface LinkListener {
    /** After the decision took effect. */
    void on(LinkDecision decision, DedicatedLinks links);
}
