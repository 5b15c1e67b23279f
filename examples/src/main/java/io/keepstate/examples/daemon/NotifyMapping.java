// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.keepalived.InstanceConfig;
import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.examples.conf.keepalived.NotifyCommand;
import io.keepstate.examples.conf.keepalived.NotifyConfig;
import io.keepstate.examples.notify.Notification;
import io.keepstate.examples.notify.NotifySettings;
import io.keepstate.examples.notify.Script;
import io.keepstate.examples.status.InstanceScripts;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Turns what keepalived.conf says about notifications and files into what carries it out. */
final class NotifyMapping {
    private NotifyMapping() {}

    /** What concerns all notifications. */
    static NotifySettings settings(KeepalivedConfig config) {
        return NotifySettings.NONE;
    }

    /** The version of the JSON file. */
    static int jsonVersion(KeepalivedConfig config) {
        return 1;
    }

    /** Where a file of data goes: the directory that {@code TMPDIR} names, else /tmp. */
    static Path statusFile(KeepalivedConfig config, String name) {
        String directory = System.getenv("TMPDIR");
        return Path.of(directory == null || directory.isEmpty() ? "/tmp" : directory, name);
    }

    /** The script of a state's own. */
    static Optional<Script> own(NotifyConfig scripts, Notification.State state) {
        Optional<NotifyCommand> command = switch (state) {
            case MASTER -> scripts.master();
            case BACKUP -> scripts.backup();
            case FAULT -> scripts.fault();
            case STOP -> scripts.stop();
            default -> Optional.empty();
        };
        return command.map(NotifyMapping::script);
    }

    /** The script of all states. */
    static Optional<Script> generic(NotifyConfig scripts) {
        return scripts.any().map(NotifyMapping::script);
    }

    /** The scripts of an instance as they are shown. */
    static InstanceScripts scripts(KeepalivedConfig config, String name) {
        Map<String, String> byKey = new HashMap<>();
        for (InstanceConfig instance : config.instances()) {
            if (instance.name().equals(name)) {
                NotifyConfig scripts = instance.scripts();
                show(byKey, "script_backup", scripts.backup());
                show(byKey, "script_master", scripts.master());
                show(byKey, "script_fault", scripts.fault());
                show(byKey, "script_stop", scripts.stop());
                show(byKey, "script", scripts.any());
            }
        }
        return new InstanceScripts(byKey, false);
    }

    private static void show(Map<String, String> byKey, String key, Optional<NotifyCommand> command) {
        command.ifPresent(some -> byKey.put(key, InstanceScripts.quoted(some.argv())));
    }

    private static Script script(NotifyCommand command) {
        return Script.of(command.argv());
    }
}
