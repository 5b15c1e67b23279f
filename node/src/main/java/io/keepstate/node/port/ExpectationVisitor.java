// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.keepstate.flow.Expectation;

/** Takes expectations one by one. */
@FunctionalInterface
public interface ExpectationVisitor {
    /** One expectation. */
    void visit(Expectation expectation);
}
