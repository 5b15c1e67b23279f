// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.vrrp.StaticEntries;
import io.keepstate.vrrp.TrackedObjects;
import java.util.List;
import java.util.Map;

/**
 * The VRRP part of a keepalived.conf. What the file leaves out has keepalived's own default.
 *
 * @param globalDefs what concerns the daemon
 * @param syncGroups in file order; every member is an instance of this file
 * @param instances in file order, at least one
 * @param tracked what the instances may track: scripts, files, processes; delays of links
 * @param trackScripts the script lines of these, with where they stand
 * @param processWeights the weight of each {@code vrrp_track_process}, negative if reversed
 * @param statics what is there whoever is active
 */
public record KeepalivedConfig(
        GlobalDefs globalDefs,
        List<SyncGroupConfig> syncGroups,
        List<InstanceConfig> instances,
        TrackedObjects tracked,
        List<NotifyCommand> trackScripts,
        Map<String, Integer> processWeights,
        StaticEntries statics) {
    /** Copies the lists. */
    public KeepalivedConfig {
        syncGroups = List.copyOf(syncGroups);
        instances = List.copyOf(instances);
        trackScripts = List.copyOf(trackScripts);
        processWeights = Map.copyOf(processWeights);
    }

    /** The same with other groups and instances. */
    public KeepalivedConfig with(List<SyncGroupConfig> otherGroups, List<InstanceConfig> otherInstances) {
        return new KeepalivedConfig(
                globalDefs, otherGroups, otherInstances, tracked, trackScripts, processWeights, statics);
    }
}
