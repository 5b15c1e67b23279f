// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code global_defs} and the single lines of the top level say to the daemon. What they say to the instances is in
 * these already.
 *
 * @param vrrpVersion the version of instances that do not give one: 2 or 3
 * @param routerId {@code router_id}, as dumps show it
 * @param scriptUser {@code script_user}: whom scripts run as that name no user
 * @param scriptSecurity {@code enable_script_security}: what root runs must not be writable by others
 * @param fifos where changes are written to
 * @param startupDelay {@code vrrp_startup_delay}
 * @param dynamicInterfaces {@code dynamic_interfaces}
 * @param instance {@code instance NAME}: part of the names of PID files
 * @param dataUsesInstance {@code data_use_instance}: that name is part of the names of dumps, too
 * @param jsonVersion {@code json_version}: 1 an array of instances, 2 an object that holds it
 * @param dumps where dumps are written to
 * @param realTimePriority {@code vrrp_rt_priority}: that of the elections
 * @param startup {@code startup_script}: run before anything else
 * @param shutdown {@code shutdown_script}: run when everything else has ended
 */
public record GlobalDefs(
        int vrrpVersion,
        Optional<String> routerId,
        Optional<RunAs> scriptUser,
        boolean scriptSecurity,
        Fifos fifos,
        Duration startupDelay,
        boolean dynamicInterfaces,
        Optional<String> instance,
        boolean dataUsesInstance,
        int jsonVersion,
        Dumps dumps,
        OptionalInt realTimePriority,
        Optional<Once> startup,
        Optional<Once> shutdown) {

    /**
     * A script that is waited for.
     *
     * @param command the script
     * @param timeout when it is killed; keepalived's default is 10 s
     */
    public record Once(NotifyCommand command, Duration timeout) {
        /** keepalived's patience. */
        public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    }

    /**
     * Where dumps are written to: the whole path of the file, or with a slash at its end its directory; the directory
     * of temporary files without one.
     *
     * @param state {@code state_file_location}: of keepalived.data
     * @param stats {@code stats_file_location}: of keepalived.stats
     * @param json {@code json_file_location}: of keepalived.json
     */
    public record Dumps(Optional<String> state, Optional<String> stats, Optional<String> json) {}

    /**
     * A named pipe that changes are written to.
     *
     * @param path the pipe
     * @param owner who gets it when it is made; whom scripts run as without one
     * @param script started with the pipe's name behind its arguments; it reads the pipe
     * @param file the file it stands in
     * @param line the line of the file
     */
    public record Fifo(String path, Optional<RunAs> owner, Optional<NotifyCommand> script, String file, int line) {}

    /**
     * The pipes.
     *
     * @param all {@code notify_fifo}: changes of every kind
     * @param vrrp {@code vrrp_notify_fifo}: changes of virtual routers
     * @param priorityChanges {@code vrrp_notify_priority_changes}: changes of priority as well
     * @param statesOnReload {@code fifo_write_vrrp_states_on_reload}: every state again after a reload
     */
    public record Fifos(Optional<Fifo> all, Optional<Fifo> vrrp, boolean priorityChanges, boolean statesOnReload) {}
}
