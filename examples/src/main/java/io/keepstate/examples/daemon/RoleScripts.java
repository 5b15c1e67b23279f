// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.keepalived.InstanceConfig;
import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.examples.conf.keepalived.SyncGroupConfig;
import io.keepstate.examples.daemon.NotifyScripts.State;
import io.keepstate.examples.daemon.NotifyScripts.Subject;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.Role;
import io.keepstate.node.event.RoleChanged;
import java.util.List;

/**
 * Tells keepalived's notify scripts of a group's changes, in keepalived's order: the instances of a sync group, then the
 * group; an instance outside of any group for itself.
 */
final class RoleScripts implements NodeListener {
    private final KeepalivedConfig config;
    private final NotifyScripts scripts;

    RoleScripts(KeepalivedConfig config, NotifyScripts scripts) {
        this.config = config;
        this.scripts = scripts;
    }

    @Override
    public void on(NodeEvent event) {
        if (event instanceof RoleChanged change) {
            tell(change.group(), state(change.role()));
        }
    }

    private void tell(String name, State state) {
        List<SyncGroupConfig> groups = config.syncGroups().stream()
                .filter(group -> group.name().equals(name))
                .toList();
        for (InstanceConfig instance : config.instances()) {
            boolean concerned = groups.isEmpty()
                    ? instance.name().equals(name)
                    : groups.get(0).members().contains(instance.name());
            if (concerned) {
                scripts.run(instance.scripts(), Subject.INSTANCE, instance.name(), state, instance.priority());
            }
        }
        for (SyncGroupConfig group : groups) {
            scripts.run(group.scripts(), Subject.GROUP, group.name(), state, 0);
        }
    }

    private static State state(Role role) {
        return switch (role) {
            case ACTIVE -> State.MASTER;
            case BACKUP -> State.BACKUP;
            case FAULT -> State.FAULT;
            case STOPPED -> State.STOP;
        };
    }
}
