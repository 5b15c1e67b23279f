// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.keepalived.GlobalDefs;
import io.keepstate.examples.conf.keepalived.InstanceConfig;
import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.examples.conf.keepalived.NotifyCommand;
import io.keepstate.examples.conf.keepalived.NotifyConfig;
import io.keepstate.examples.conf.keepalived.RunAs;
import io.keepstate.examples.notify.AwaitedScript;
import io.keepstate.examples.notify.Notification;
import io.keepstate.examples.notify.NotifySettings;
import io.keepstate.examples.notify.Script;
import io.keepstate.examples.status.InstanceScripts;
import io.keepstate.examples.status.ProcessStatus;
import io.keepstate.vrrp.TrackedObjects;
import io.keepstate.vrrp.TrackedScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns what keepalived.conf says about notifications and files into what carries it out. */
final class NotifyMapping {
    private static final String SCRIPT_USER = "keepalived_script";

    private NotifyMapping() {}

    /** What concerns all notifications. */
    static NotifySettings settings(KeepalivedConfig config) {
        GlobalDefs defs = config.globalDefs();
        Optional<RunAs> user = defs.scriptUser().or(NotifyMapping::ownUser);
        return new NotifySettings(
                Stream.of(defs.fifos().all(), defs.fifos().vrrp())
                        .flatMap(Optional::stream)
                        .map(fifo -> fifo(fifo, user))
                        .toList(),
                user.map(RunAs::user),
                user.flatMap(RunAs::group),
                defs.scriptSecurity());
    }

    /** A pipe without an owner belongs to whom scripts run as. */
    private static NotifySettings.Fifo fifo(GlobalDefs.Fifo fifo, Optional<RunAs> scriptUser) {
        Optional<RunAs> owner = fifo.owner().or(() -> scriptUser);
        return new NotifySettings.Fifo(
                Path.of(fifo.path()),
                owner.map(RunAs::user),
                owner.flatMap(RunAs::group),
                fifo.script().map(NotifyMapping::script));
    }

    /** The user that keepalived makes for its scripts, if there is one. */
    private static Optional<RunAs> ownUser() {
        try (Stream<String> users = Files.lines(Path.of("/etc/passwd"))) {
            return users.anyMatch(line -> line.startsWith(SCRIPT_USER + ":"))
                    ? Optional.of(new RunAs(SCRIPT_USER, Optional.empty()))
                    : Optional.empty();
        } catch (IOException noUsers) {
            return Optional.empty();
        }
    }

    /** Whether changes of an instance's priority are told. */
    static boolean tellsPriority(KeepalivedConfig config, InstanceConfig instance) {
        return instance.priorityChanges()
                || config.globalDefs().fifos().priorityChanges()
                || config.syncGroups().stream()
                        .anyMatch(group ->
                                group.priorityChanges() && group.members().contains(instance.name()));
    }

    /** The version of the JSON file. */
    static int jsonVersion(KeepalivedConfig config) {
        return config.globalDefs().jsonVersion();
    }

    /** The tracked processes as they are shown. */
    static List<ProcessStatus> processes(KeepalivedConfig config) {
        return config.tracked().processes().stream()
                .map(process ->
                        new ProcessStatus(process, config.processWeights().getOrDefault(process.name(), 0)))
                .toList();
    }

    /**
     * Where a file of data goes: without a location the directory that {@code TMPDIR} names, else /tmp.
     *
     * @param location its whole path, or with a slash at its end its directory
     */
    static Path statusFile(KeepalivedConfig config, String name, Optional<String> location) {
        if (location.isPresent() && !location.get().endsWith("/")) {
            return Path.of(location.get());
        }
        String directory = location.isPresent() ? location.get() : System.getenv("TMPDIR");
        GlobalDefs defs = config.globalDefs();
        String ownName = defs.dataUsesInstance() && defs.instance().isPresent()
                ? name.replace("keepalived", "keepalived_" + defs.instance().get())
                : name;
        return Path.of(directory == null || directory.isEmpty() ? "/tmp" : directory, ownName);
    }

    /** The script of a state's own. */
    static Optional<Script> own(NotifyConfig scripts, Notification.State state) {
        Optional<NotifyCommand> command = switch (state) {
            case MASTER -> scripts.master();
            case BACKUP -> scripts.backup();
            case FAULT -> scripts.fault();
            case STOP -> scripts.stop();
            case DELETED -> scripts.deleted();
            case MASTER_RX_LOWER_PRI -> scripts.lowerPriority();
            case MASTER_PRIORITY, BACKUP_PRIORITY -> Optional.empty();
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
        Map<String, String> tracked = new HashMap<>();
        config.tracked()
                .scripts()
                .forEach(script -> tracked.put(script.name(), InstanceScripts.quoted(script.command())));
        for (InstanceConfig instance : config.instances()) {
            if (instance.name().equals(name)) {
                NotifyConfig scripts = instance.scripts();
                show(byKey, "script_backup", scripts.backup());
                show(byKey, "script_master", scripts.master());
                show(byKey, "script_fault", scripts.fault());
                show(byKey, "script_stop", scripts.stop());
                show(byKey, "script_deleted", scripts.deleted());
                show(byKey, "script", scripts.any());
                show(byKey, "script_master_rx_lower_pri", scripts.lowerPriority());
                return new InstanceScripts(byKey, scripts.tellDeleted(), tracked);
            }
        }
        return InstanceScripts.NONE;
    }

    private static void show(Map<String, String> byKey, String key, Optional<NotifyCommand> command) {
        command.ifPresent(some -> byKey.put(key, InstanceScripts.quoted(some.argv())));
    }

    /** Runs a script of {@code global_defs} that is waited for. */
    static void await(KeepalivedConfig config, GlobalDefs.Once once) {
        AwaitedScript.run(script(once.command()), settings(config), once.timeout());
    }

    /** What is tracked, with the user of scripts that name none: as notify scripts, not root if it can be helped. */
    static TrackedObjects tracked(KeepalivedConfig config) {
        TrackedObjects tracked = config.tracked();
        Optional<RunAs> user = ownUser();
        return new TrackedObjects(
                tracked.scripts().stream().map(script -> withUser(script, user)).toList(),
                tracked.files(),
                tracked.processes(),
                tracked.delays(),
                tracked.dynamicInterfaces());
    }

    private static TrackedScript withUser(TrackedScript script, Optional<RunAs> user) {
        return script.user().isPresent() || user.isEmpty()
                ? script
                : script.as(user.get().user(), user.get().group());
    }

    private static Script script(NotifyCommand command) {
        return new Script(
                command.argv(),
                command.runAs().map(RunAs::user),
                command.runAs().flatMap(RunAs::group));
    }
}
