// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.keepalived.GlobalDefs;
import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.examples.status.ClearedCounters;
import io.keepstate.examples.status.InstanceDataText;
import io.keepstate.examples.status.InstanceJson;
import io.keepstate.examples.status.InstanceStatisticsText;
import io.keepstate.examples.status.InstanceStatus;
import io.keepstate.examples.status.StatusFile;
import io.keepstate.node.linux.LinuxNode;
import io.keepstate.node.stats.RouterSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes keepalived's files of data, statistics and JSON when a signal asks for them. Belongs to the thread of signals. */
final class StatusDumps {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final LinuxNode node;
    private final ClearedCounters cleared = new ClearedCounters();

    StatusDumps(LinuxNode node) {
        this.node = node;
    }

    void write(SignalName signal, KeepalivedConfig config) {
        try {
            List<InstanceStatus> instances = instances(config);
            Path file = file(signal, config);
            switch (signal) {
                case DATA -> StatusFile.write(file, InstanceDataText.of(instances, ZoneId.systemDefault()));
                case JSON ->
                    StatusFile.write(
                            file,
                            InstanceJson.of(
                                    instances, NotifyMapping.processes(config), NotifyMapping.jsonVersion(config)));
                case STATS -> StatusFile.write(file, InstanceStatisticsText.of(instances));
                case STATS_CLEAR -> {
                    StatusFile.write(file, InstanceStatisticsText.of(instances));
                    instances.forEach(each -> cleared.clear(each.router()));
                }
                default -> throw new IllegalArgumentException("no file belongs to signal " + signal);
            }
            LOG.info("wrote {}", file);
        } catch (IOException | IllegalStateException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    /** What {@code -d} logs. */
    String data(KeepalivedConfig config) {
        return InstanceDataText.of(instances(config), ZoneId.systemDefault());
    }

    private static Path file(SignalName signal, KeepalivedConfig config) {
        GlobalDefs.Dumps dumps = config.globalDefs().dumps();
        return switch (signal) {
            case DATA -> NotifyMapping.statusFile(config, "keepalived.data", dumps.state());
            case JSON -> NotifyMapping.statusFile(config, "keepalived.json", dumps.json());
            default -> NotifyMapping.statusFile(config, "keepalived.stats", dumps.stats());
        };
    }

    private List<InstanceStatus> instances(KeepalivedConfig config) {
        List<InstanceStatus> instances = new ArrayList<>();
        for (RouterSnapshot router : inFileOrder(config)) {
            String name = router.config().name();
            boolean strict = config.instances().stream()
                    .anyMatch(instance -> instance.name().equals(name) && instance.strict());
            instances.add(new InstanceStatus(router, cleared.of(router), NotifyMapping.scripts(config, name), strict));
        }
        return instances;
    }

    /** The node has them by group. */
    private List<RouterSnapshot> inFileOrder(KeepalivedConfig config) {
        List<String> order =
                config.instances().stream().map(instance -> instance.name()).toList();
        List<RouterSnapshot> routers = new ArrayList<>(node.routers());
        routers.sort((a, b) -> Integer.compare(
                order.indexOf(a.config().name()), order.indexOf(b.config().name())));
        return routers;
    }
}
