// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.conntrackd.ConntrackdConfig;
import io.keepstate.examples.conf.conntrackd.GeneralConfig;
import io.keepstate.examples.conf.conntrackd.SyncConfig;
import io.keepstate.examples.conf.keepalived.InstanceConfig;
import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.examples.conf.keepalived.SyncGroupConfig;
import io.keepstate.examples.conf.own.OwnConfig;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.TakeoverPolicy;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.vrrp.SyncGroupRules;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns the two files' records into what a node is told to be. Pure. */
final class NodeMapping {
    private NodeMapping() {}

    /** The node of these settings; without sync its state stays its own. */
    static NodeConfiguration of(Settings settings, boolean withoutSync) {
        List<VrrpGroup> groups = settings.keepalived()
                .map(config -> groups(config, settings.own()))
                .orElse(List.of());
        Optional<SyncConfiguration> sync =
                withoutSync ? Optional.empty() : settings.conntrackd().flatMap(config -> sync(config, settings.own()));
        NodeConfiguration node = new NodeConfiguration(groups, sync, TakeoverPolicy.DEFAULT);
        return settings.keepalived()
                .map(keepalived ->
                        node.withTracked(NotifyMapping.tracked(keepalived)).withStatics(keepalived.statics()))
                .orElse(node);
    }

    private static List<VrrpGroup> groups(KeepalivedConfig config, OwnConfig own) {
        // Weights that do not count in a group are taken out where the file is read; those that are left do.
        SyncGroupRules rules = new SyncGroupRules(List.of(), true, own.legResignation());
        List<VrrpGroup> groups = new ArrayList<>();
        Set<String> grouped = new HashSet<>();
        for (SyncGroupConfig group : config.syncGroups()) {
            List<VirtualRouterConfig> routers = group.members().stream()
                    .map(member -> router(instance(config, member), own))
                    .toList();
            grouped.addAll(group.members());
            groups.add(new VrrpGroup(group.name(), routers, rules));
        }
        for (InstanceConfig alone : config.instances()) {
            if (!grouped.contains(alone.name())) {
                groups.add(VrrpGroup.of(router(alone, own)));
            }
        }
        return groups;
    }

    private static VirtualRouterConfig router(InstanceConfig instance, OwnConfig own) {
        return own.onLinkSource()
                ? instance.router().toBuilder().onLinkSource(true).build()
                : instance.router();
    }

    private static InstanceConfig instance(KeepalivedConfig config, String name) {
        return config.instances().stream()
                .filter(instance -> instance.name().equals(name))
                .findFirst()
                .orElseThrow(); // the reader has checked it
    }

    private static Optional<SyncConfiguration> sync(ConntrackdConfig config, OwnConfig own) {
        return config.sync().map(sync -> sync(sync, config.general(), own));
    }

    private static SyncConfiguration sync(SyncConfig sync, GeneralConfig general, OwnConfig own) {
        SyncConfiguration.Builder builder = SyncConfiguration.builder(sync.links())
                .mode(sync.mode())
                .filter(general.filter())
                .purgeTimeout(Duration.ofSeconds(sync.purgeTimeoutSeconds()))
                .flowLimit(general.hashLimit())
                .expectations(sync.expectations())
                .tcpWindowTracking(sync.tcpWindowTracking())
                .netlink(general.netlink());
        if (sync.commitTimeoutSeconds() > 0) {
            builder.commitTimeout(Duration.ofSeconds(sync.commitTimeoutSeconds()));
        }
        own.peerProfile().ifPresent(builder::emitProfile);
        return builder.build();
    }
}
