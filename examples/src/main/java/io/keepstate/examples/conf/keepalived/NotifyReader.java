// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Directives;
import java.util.Optional;

/** Reads the {@code notify*} lines, the same in groups and instances. */
final class NotifyReader {
    private final Arguments arguments;
    private Optional<NotifyCommand> master = Optional.empty();
    private Optional<NotifyCommand> backup = Optional.empty();
    private Optional<NotifyCommand> fault = Optional.empty();
    private Optional<NotifyCommand> stop = Optional.empty();
    private Optional<NotifyCommand> any = Optional.empty();
    private Optional<NotifyCommand> deleted = Optional.empty();
    private Optional<NotifyCommand> lowerPriority = Optional.empty();
    private boolean tellDeleted;
    private Optional<Boolean> priorityChanges = Optional.empty();

    NotifyReader(Arguments arguments) {
        this.arguments = arguments;
    }

    Directives addTo(Directives table) {
        return table.on("notify_master", name -> master = arguments.command(name))
                .on("notify_backup", name -> backup = arguments.command(name))
                .on("notify_fault", name -> fault = arguments.command(name))
                .on("notify_stop", name -> stop = arguments.command(name))
                .on("notify", name -> any = arguments.command(name))
                .on("notify_deleted", name -> {
                    tellDeleted = true;
                    deleted = arguments.optionalCommand(name);
                })
                .on("notify_priority_changes", name -> arguments.flag(name, it -> priorityChanges = Optional.of(it)));
    }

    /** The line only instances have. */
    Directives addLowerPriorityTo(Directives table) {
        return table.on("notify_master_rx_lower_pri", name -> lowerPriority = arguments.command(name));
    }

    NotifyConfig config() {
        return new NotifyConfig(master, backup, fault, stop, any, deleted, lowerPriority, tellDeleted);
    }

    /** {@code notify_priority_changes}, if it was given. */
    Optional<Boolean> priorityChanges() {
        return priorityChanges;
    }
}
