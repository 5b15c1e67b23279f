// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The script lines of an instance, as they are shown.
 *
 * @param byKey the command line of each script, by its name in keepalived's JSON, in the order of {@link #KEYS}
 * @param notifyDeleted whether its removal is told as DELETED, not FAULT
 * @param tracked the command line of each {@code vrrp_script}, by its name
 */
public record InstanceScripts(Map<String, String> byKey, boolean notifyDeleted, Map<String, String> tracked) {
    /** keepalived's names of scripts, in its order. */
    public static final List<String> KEYS = List.of(
            "script_backup",
            "script_master",
            "script_fault",
            "script_stop",
            "script_deleted",
            "script",
            "script_master_rx_lower_pri");

    /** None. */
    public static final InstanceScripts NONE = new InstanceScripts(Map.of(), false, Map.of());

    /** Copies the maps. */
    public InstanceScripts {
        byKey = Map.copyOf(byKey);
        tracked = Map.copyOf(tracked);
    }

    /** A program and its arguments as keepalived shows them: each in quotes. */
    public static String quoted(List<String> argv) {
        return argv.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }
}
