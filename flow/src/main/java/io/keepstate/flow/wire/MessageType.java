// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

/** Types of state messages: the low nibble of the first octet of conntrackd's message header. */
public final class MessageType {
    /** A flow that is new to the sender. */
    public static final int FLOW_NEW = 0;
    /** The current state of a flow. */
    public static final int FLOW_UPDATE = 1;
    /** A flow that is gone. */
    public static final int FLOW_DESTROY = 2;
    /** An expectation that is new to the sender. */
    public static final int EXPECTATION_NEW = 3;
    /** The current state of an expectation. */
    public static final int EXPECTATION_UPDATE = 4;
    /** An expectation that is gone. */
    public static final int EXPECTATION_DESTROY = 5;

    private MessageType() {}

    /** Whether the payload describes a flow. */
    public static boolean isFlow(int type) {
        return type >= FLOW_NEW && type <= FLOW_DESTROY;
    }

    /** Whether the payload describes an expectation. */
    public static boolean isExpectation(int type) {
        return type >= EXPECTATION_NEW && type <= EXPECTATION_DESTROY;
    }
}
