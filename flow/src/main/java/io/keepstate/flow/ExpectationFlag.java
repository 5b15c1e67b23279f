// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** Flags of an expectation, the kernel's NF_CT_EXPECT_* (linux/netfilter/nf_conntrack_common.h). */
public final class ExpectationFlag {
    /** Stays when a flow has met it. */
    public static final int PERMANENT = 1;
    /** Not to be met yet. */
    public static final int INACTIVE = 1 << 1;
    /** Made by a helper in user space. */
    public static final int USERSPACE = 1 << 2;

    private ExpectationFlag() {}
}
