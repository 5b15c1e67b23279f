// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Severity;
import io.keepstate.vrrp.StaticEntries;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks for what a configuration names and the machine does not have: interfaces, users, scripts that can be run. */
final class MachineReview {
    /** keepalived's user for scripts, if the machine has it. */
    private static final String DEFAULT_USER = "keepalived_script";

    private final KeepalivedConfig config;
    private final String file;
    private final Surroundings machine;
    private final List<Finding> findings = new ArrayList<>();
    private boolean insecure;

    MachineReview(KeepalivedConfig config, String file, Surroundings machine) {
        this.config = config;
        this.file = file;
        this.machine = machine;
    }

    /** What was found. */
    List<Finding> run() {
        config.instances().forEach(this::interfaces);
        staticInterfaces();
        config.globalDefs()
                .scriptUser()
                .filter(user -> !machine.hasUser(user.user()))
                .ifPresent(user -> add(
                        Severity.INVALID,
                        0,
                        "script_user",
                        "there is no user " + user.user()
                                + ", no script can be started: add the user, or name another"));
        fifos().forEach(this::owner);
        commands().forEach(this::script);
        return findings;
    }

    /** Whether root would run scripts that were not to be checked: keepalived calls that a security violation. */
    boolean isInsecure() {
        return insecure;
    }

    private void interfaces(InstanceConfig instance) {
        VirtualRouterConfig router = instance.router();
        Set<String> names = new LinkedHashSet<>();
        names.add(router.interfaceName());
        router.holdings().allAddresses().stream()
                .map(VirtualAddress::interfaceName)
                .forEach(names::add);
        router.tracks().stream()
                .map(Track::what)
                .filter(what -> what.kind() == Tracked.Kind.INTERFACE)
                .map(Tracked::name)
                .forEach(names::add);
        names.removeAll(router.virtualMacInterfaces());
        for (String name : names) {
            if (!config.globalDefs().dynamicInterfaces() && !machine.hasInterface(name)) {
                add(
                        Severity.NOTE,
                        instance.line(),
                        name,
                        "instance " + router.name()
                                + " uses this interface, and the machine does not have it now: correct"
                                + " the name, or write dynamic_interfaces if it comes later");
            }
        }
    }

    private void staticInterfaces() {
        StaticEntries statics = config.statics();
        Stream.concat(
                        statics.addresses().stream().map(entry -> entry.what().interfaceName()),
                        statics.routes().stream()
                                .flatMap(entry -> entry.what().nextHops().stream())
                                .flatMap(hop -> hop.interfaceName().stream()))
                .distinct()
                .filter(name -> !config.globalDefs().dynamicInterfaces() && !machine.hasInterface(name))
                .forEach(name -> add(
                        Severity.NOTE,
                        0,
                        name,
                        "static entries use this interface, and the machine does not have it now: correct the name;"
                                + " they are put up when it comes"));
    }

    private Stream<GlobalDefs.Fifo> fifos() {
        GlobalDefs.Fifos fifos = config.globalDefs().fifos();
        return Stream.of(fifos.all(), fifos.vrrp()).flatMap(Optional::stream);
    }

    private void owner(GlobalDefs.Fifo fifo) {
        fifo.owner()
                .map(RunAs::user)
                .filter(user -> !machine.hasUser(user))
                .ifPresent(user -> findings.add(new Finding(
                        Severity.WARNING,
                        fifo.file().isEmpty() ? file : fifo.file(),
                        fifo.line(),
                        fifo.path(),
                        "there is no user " + user
                                + ", the pipe stays with the user of the daemon: add the user, or name another")));
    }

    private Stream<NotifyCommand> commands() {
        GlobalDefs global = config.globalDefs();
        return Stream.of(
                        config.syncGroups().stream()
                                .flatMap(group -> group.scripts().commands()),
                        config.instances().stream()
                                .flatMap(instance -> instance.scripts().commands()),
                        config.trackScripts().stream(),
                        fifos().flatMap(fifo -> fifo.script().stream()),
                        Stream.of(global.startup(), global.shutdown())
                                .flatMap(Optional::stream)
                                .map(GlobalDefs.Once::command))
                .flatMap(commands -> commands);
    }

    private void script(NotifyCommand command) {
        String program = command.argv().get(0);
        Optional<String> user = command.runAs()
                .map(RunAs::user)
                .or(() -> config.globalDefs().scriptUser().map(RunAs::user))
                .or(() -> machine.hasUser(DEFAULT_USER) ? Optional.of(DEFAULT_USER) : Optional.empty());
        if (user.isPresent() && !machine.hasUser(user.get())) {
            add(
                    Severity.WARNING,
                    command,
                    "there is no user " + user.get() + ", the script cannot be started: add the user, or name another");
        }
        boolean root = user.isEmpty() || user.get().equals("root");
        Surroundings.ScriptFile script = machine.script(program);
        switch (script) {
            case MISSING -> add(Severity.WARNING, command, "there is no such file, it is never run: correct the path");
            case NOT_EXECUTABLE ->
                add(Severity.WARNING, command, "this file cannot be executed: chmod +x it, or correct the path");
            case INSECURE -> {
                if (root) {
                    add(
                            config.globalDefs().scriptSecurity() ? Severity.WARNING : Severity.INVALID,
                            command,
                            "root runs this, and others could change it or a directory above it: take their right to write"
                                    + " away, or let another user run it");
                }
            }
            case GOOD -> {
                // nothing to say about the file itself
            }
        }
        insecure |= root && !config.globalDefs().scriptSecurity() && script != Surroundings.ScriptFile.MISSING;
    }

    private void add(Severity severity, NotifyCommand command, String message) {
        findings.add(new Finding(
                severity,
                command.file().isEmpty() ? file : command.file(),
                command.line(),
                command.argv().get(0),
                message));
    }

    private void add(Severity severity, int line, String directive, String message) {
        findings.add(new Finding(severity, file, line, directive, message));
    }
}
