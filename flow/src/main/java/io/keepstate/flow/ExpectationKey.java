// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/**
 * What tells one expectation from another: who expects what. The kernel holds no two expectations of one zone whose
 * expected tuples cannot be told apart under their masks (nf_conntrack_expect.c, expect_clash), except for two of one
 * master and class, of which the newer replaces the older.
 *
 * @param master original tuple of the flow that expects
 * @param expected tuple of the flow that is expected
 * @param mask which bits of the expected tuple count
 * @param zone conntrack zone, 0..65535; 0 is the default zone
 */
public record ExpectationKey(Tuple master, Tuple expected, Tuple mask, int zone) {}
