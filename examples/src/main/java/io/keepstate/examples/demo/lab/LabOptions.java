// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.nio.file.Path;

/**
 * What the lab is made of.
 *
 * @param fw1 which programs run on fw1
 * @param fw2 which programs run on fw2
 * @param withoutSync whether state synchronisation stays off (the negative control)
 * @param layout how many groups of addresses they share
 * @param keepstate the launcher of the distribution, {@code bin/keepstate}
 */
public record LabOptions(NodeKind fw1, NodeKind fw2, boolean withoutSync, Layout layout, Path keepstate) {
    /** Whether a node of the lab runs keepalived with the script. */
    public boolean anyClassic() {
        return fw1 != NodeKind.KEEPSTATE || fw2 != NodeKind.KEEPSTATE;
    }
}
