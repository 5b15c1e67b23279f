// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

/**
 * Attribute numbers of expectation messages (conntrackd's network.h, enum nta_exp_attr), and how long their data is:
 * the same in all releases from 1.4.2 on.
 */
final class WireExpectationAttribute {
    static final int MASTER_IPV4 = 0;
    static final int MASTER_IPV6 = 1;
    static final int MASTER_L4PROTO = 2;
    static final int MASTER_PORT = 3;
    static final int EXPECT_IPV4 = 4;
    static final int EXPECT_IPV6 = 5;
    static final int EXPECT_L4PROTO = 6;
    static final int EXPECT_PORT = 7;
    static final int MASK_IPV4 = 8;
    static final int MASK_IPV6 = 9;
    static final int MASK_L4PROTO = 10;
    static final int MASK_PORT = 11;
    static final int TIMEOUT = 12;
    static final int FLAGS = 13;
    static final int CLASS = 14;
    static final int NAT_IPV4 = 15;
    static final int NAT_PORT = 16;
    static final int NAT_L4PROTO = 17;
    static final int NAT_DIR = 18;
    static final int HELPER_NAME = 19;
    static final int FN = 20;

    /** Longest function name a receiver takes: TLV length 32, less head and terminating NUL. */
    static final int MAX_FUNCTION_LENGTH = 27;

    /** Data length by attribute number; negative: at most that much. */
    static final int[] DATA_LENGTH = {8, 32, 1, 4, 8, 32, 1, 4, 8, 32, 1, 4, 4, 4, 4, 8, 4, 1, 4, -12, -28};

    private WireExpectationAttribute() {}
}
