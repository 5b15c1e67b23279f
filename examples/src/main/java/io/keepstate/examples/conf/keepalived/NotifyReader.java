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

    NotifyReader(Arguments arguments) {
        this.arguments = arguments;
    }

    Directives addTo(Directives table) {
        return table.on("notify_master", name -> master = arguments.command(name))
                .on("notify_backup", name -> backup = arguments.command(name))
                .on("notify_fault", name -> fault = arguments.command(name))
                .on("notify_stop", name -> stop = arguments.command(name))
                .on("notify", name -> any = arguments.command(name));
    }

    NotifyConfig config() {
        return new NotifyConfig(master, backup, fault, stop, any);
    }
}
