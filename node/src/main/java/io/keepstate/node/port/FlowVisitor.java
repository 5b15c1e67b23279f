// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.keepstate.flow.Flow;

/** Takes flows one by one. The flow is only valid during the call if its source says so; copy what is kept. */
@FunctionalInterface
public interface FlowVisitor {
    /** One flow. */
    void visit(Flow flow);
}
