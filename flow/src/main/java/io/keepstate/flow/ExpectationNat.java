// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/**
 * How an expected flow is to be translated (saved_addr, saved_proto and dir of struct nf_conntrack_expect,
 * CTA_EXPECT_NAT). The kernel uses the source half of the tuple only, and reports zeros in the other.
 *
 * @param tuple its source is the address and port (GRE: key) the expectation named before translation
 * @param direction which direction of the master the expected flow has: 0 the original, 1 the reply direction
 *     (enum ip_conntrack_dir)
 */
public record ExpectationNat(Tuple tuple, int direction) {
    /** Checks the direction. */
    public ExpectationNat {
        if (direction != 0 && direction != 1) {
            throw new IllegalArgumentException("direction " + direction + " is neither 0 (original) nor 1 (reply)");
        }
    }
}
