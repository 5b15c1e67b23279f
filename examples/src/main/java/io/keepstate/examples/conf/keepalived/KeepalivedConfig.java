// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.vrrp.TrackedObjects;
import java.util.List;

/**
 * The VRRP part of a keepalived.conf. What the file leaves out has keepalived's own default.
 *
 * @param globalDefs what concerns the daemon
 * @param syncGroups in file order; every member is an instance of this file
 * @param instances in file order, at least one
 * @param tracked what the instances may track: scripts, files, processes; delays of links
 */
public record KeepalivedConfig(
        GlobalDefs globalDefs,
        List<SyncGroupConfig> syncGroups,
        List<InstanceConfig> instances,
        TrackedObjects tracked) {
    /** Copies the lists. */
    public KeepalivedConfig {
        syncGroups = List.copyOf(syncGroups);
        instances = List.copyOf(instances);
    }
}
