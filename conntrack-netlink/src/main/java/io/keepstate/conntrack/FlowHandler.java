// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.flow.Flow;

/** Takes the flows of a dump. */
@FunctionalInterface
public interface FlowHandler {
    /** One flow of the kernel's table. */
    void onFlow(Flow flow);
}
