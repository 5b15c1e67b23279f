// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

/** Which programs make a machine a firewall node. */
public enum NodeKind {
    /** {@code keepstate daemon}. */
    KEEPSTATE,
    /** The installed keepalived and conntrackd. */
    CLASSIC,
    /** The installed keepalived, and our conntrackd, which its script cannot tell from the other. */
    SCRIPTED
}
