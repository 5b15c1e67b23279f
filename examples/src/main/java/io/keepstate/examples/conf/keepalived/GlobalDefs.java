// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import java.time.Duration;
import java.util.Optional;

/**
 * What {@code global_defs} and the single lines of the top level say to the daemon. What they say to the instances is in
 * these already.
 *
 * @param vrrpVersion the version of instances that do not give one: 2 or 3
 * @param routerId {@code router_id}, as dumps show it
 * @param scriptUser {@code script_user}: whom scripts run as that name no user
 * @param scriptSecurity {@code enable_script_security}: what root runs must not be writable by others
 * @param startupScript run once before anything else; the time it may take is beside it
 * @param startupTimeout how long it may run
 * @param shutdownScript run once after everything else
 * @param shutdownTimeout how long it may run
 * @param fifos where changes are written to
 * @param startupDelay {@code vrrp_startup_delay}
 * @param dynamicInterfaces {@code dynamic_interfaces}
 * @param instance {@code instance NAME}: part of the names of PID files
 * @param dataUsesInstance {@code data_use_instance}: that name is part of the names of dumps, too
 * @param reload when and how the files are read again
 */
public record GlobalDefs(
        int vrrpVersion,
        Optional<String> routerId,
        Optional<RunAs> scriptUser,
        boolean scriptSecurity,
        Optional<NotifyCommand> startupScript,
        Duration startupTimeout,
        Optional<NotifyCommand> shutdownScript,
        Duration shutdownTimeout,
        Fifos fifos,
        Duration startupDelay,
        boolean dynamicInterfaces,
        Optional<String> instance,
        boolean dataUsesInstance,
        Reload reload) {

    /**
     * A named pipe that changes are written to.
     *
     * @param path the pipe
     * @param owner who owns it when it is made
     * @param script started with the pipe's name behind its arguments; it reads the pipe
     */
    public record Fifo(String path, Optional<RunAs> owner, Optional<NotifyCommand> script) {}

    /**
     * The pipes.
     *
     * @param all {@code notify_fifo}: changes of every kind
     * @param vrrp {@code vrrp_notify_fifo}: changes of virtual routers
     * @param priorityChanges {@code vrrp_notify_priority_changes}: changes of priority as well
     * @param statesOnReload {@code fifo_write_vrrp_states_on_reload}: every state again after a reload
     */
    public record Fifos(Optional<Fifo> all, Optional<Fifo> vrrp, boolean priorityChanges, boolean statesOnReload) {}

    /**
     * Reading the files again.
     *
     * @param check {@code reload_check_config}: a file with errors is not taken
     * @param timeFile {@code reload_time_file}: a file with the time of the next reload
     * @param repeat {@code reload_repeat}: that file is kept after it
     * @param markFile {@code reload_file}: exists while the files are read; an empty name for the default one
     */
    public record Reload(boolean check, Optional<String> timeFile, boolean repeat, Optional<String> markFile) {}
}
