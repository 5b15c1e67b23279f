// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import java.util.List;

/**
 * The VRRP part of a keepalived.conf. What the file leaves out has keepalived's own default.
 *
 * @param globalDefs the {@code global_defs} block
 * @param syncGroups in file order; every member is an instance of this file
 * @param instances in file order, at least one
 */
public record KeepalivedConfig(
        GlobalDefs globalDefs, List<SyncGroupConfig> syncGroups, List<InstanceConfig> instances) {
    /** Copies the lists. */
    public KeepalivedConfig {
        syncGroups = List.copyOf(syncGroups);
        instances = List.copyOf(instances);
    }

    /**
     * The {@code global_defs} block.
     *
     * @param vrrpVersion the version of instances that do not give one: 2 or 3
     */
    public record GlobalDefs(int vrrpVersion) {}
}
