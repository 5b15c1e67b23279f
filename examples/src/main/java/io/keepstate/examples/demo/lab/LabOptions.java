// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.nio.file.Path;
import java.util.List;

/**
 * What the lab is made of.
 *
 * @param fw1 which programs run on fw1
 * @param fw2 which programs run on fw2
 * @param withoutSync whether state synchronisation stays off (the negative control)
 * @param layout how many groups of addresses they share
 * @param deviations what is different from the reference
 * @param keepstate the launcher of the distribution, {@code bin/keepstate}
 */
public record LabOptions(
        NodeKind fw1, NodeKind fw2, boolean withoutSync, Layout layout, List<Deviation> deviations, Path keepstate) {
    /** Copies the list. */
    public LabOptions {
        deviations = List.copyOf(deviations);
    }

    /** A configuration file of this lab. */
    String read(String file) {
        String text = layout.read(file);
        for (Deviation each : deviations) {
            text = each.apply(file, text);
        }
        return text;
    }

    /** Whether a node of the lab runs keepalived with the script. */
    public boolean anyClassic() {
        return fw1 != NodeKind.KEEPSTATE || fw2 != NodeKind.KEEPSTATE;
    }
}
