// SPDX-License-Identifier: Apache-2.0
/**
 * A small client of nf_tables over netlink: transactions that make and delete tables, base chains, sets, maps, their
 * elements and rules, without starting {@code nft}. Source: {@code include/uapi/linux/netfilter/nf_tables.h}.
 */
@NullMarked
package io.keepstate.linux.nftables;

import org.jspecify.annotations.NullMarked;
