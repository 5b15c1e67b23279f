// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import io.keepstate.examples.conf.conntrackd.ConntrackdConfig;
import io.keepstate.examples.conf.conntrackd.ConntrackdReader;
import io.keepstate.examples.conf.keepalived.AdvertRoom;
import io.keepstate.examples.conf.keepalived.InstanceConfig;
import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.examples.conf.keepalived.KeepalivedReader;
import io.keepstate.examples.conf.keepalived.NotifyCommand;
import io.keepstate.examples.conf.keepalived.NotifyConfig;
import io.keepstate.examples.conf.keepalived.SyncGroupConfig;
import io.keepstate.examples.conf.keepalived.ThisMachine;
import io.keepstate.examples.conf.own.OwnConfig;
import io.keepstate.examples.conf.own.OwnReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Both configuration files as one node uses them.
 *
 * @param keepalived present if its file was given and is good
 * @param conntrackd present if its file was given and is good
 * @param own what our own file says
 * @param findings of all files, and of their being used together
 */
public record Settings(
        Optional<KeepalivedConfig> keepalived,
        Optional<ConntrackdConfig> conntrackd,
        OwnConfig own,
        List<Finding> findings) {
    /** The script that lets keepalived steer conntrackd; a node that is both at once does its work itself. */
    private static final String STEERING_SCRIPT = "primary-backup.sh";

    /** Copies the findings. */
    public Settings {
        findings = List.copyOf(findings);
    }

    /** Reads the files that are given. */
    public static Settings read(Optional<Path> keepalivedConf, Optional<Path> conntrackdConf) {
        Optional<Reading<KeepalivedConfig>> keepalived =
                keepalivedConf.map(file -> onThisMachine(KeepalivedReader.read(file), file));
        Optional<Reading<ConntrackdConfig>> conntrackd = conntrackdConf.map(ConntrackdReader::read);
        List<Finding> findings = new ArrayList<>();
        keepalived.ifPresent(reading -> findings.addAll(reading.findings()));
        conntrackd.ifPresent(reading -> findings.addAll(reading.findings()));
        Optional<KeepalivedConfig> vrrp = keepalived.flatMap(Reading::configuration);
        if (vrrp.isPresent() && keepalivedConf.isPresent() && conntrackdConf.isPresent()) {
            note(vrrp.get(), keepalivedConf.get(), findings);
            vrrp = vrrp.map(Settings::withoutSteeringScript);
        }
        return new Settings(vrrp, conntrackd.flatMap(Reading::configuration), OwnConfig.DEFAULT, findings);
    }

    /** Reads keepalived's file alone, as its command line says. */
    static Settings keepalived(KeepalivedOptions options) {
        Path file = options.configFile();
        Reading<KeepalivedConfig> reading = onThisMachine(
                KeepalivedReader.read(file, options.configId().orElseGet(KeepalivedReader::hostName)), file);
        return new Settings(reading.configuration(), Optional.empty(), OwnConfig.DEFAULT, reading.findings());
    }

    private static Reading<KeepalivedConfig> onThisMachine(Reading<KeepalivedConfig> reading, Path file) {
        return AdvertRoom.fit(reading, file.toString(), new ThisMachine());
    }

    /** These, and what our own file says if there is one: the one that is named, or one beside conntrackd's. */
    Settings withOwn(Optional<Path> named, Optional<Path> conntrackdConf) {
        Optional<Path> file = OwnReader.locate(named, conntrackdConf);
        if (file.isEmpty()) {
            return this;
        }
        List<Finding> all = new ArrayList<>(findings);
        all.add(new Finding(Severity.NOTE, file.get().toString(), 0, "", "has the settings of our own"));
        OwnConfig read = OwnReader.read(file.get(), all);
        return new Settings(keepalived, conntrackd, read, all);
    }

    /** Whether a file has an error. */
    public boolean hasErrors() {
        return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    private static void note(KeepalivedConfig config, Path file, List<Finding> findings) {
        Stream<NotifyConfig> all = Stream.concat(
                config.syncGroups().stream().map(SyncGroupConfig::scripts),
                config.instances().stream().map(InstanceConfig::scripts));
        all.flatMap(NotifyConfig::commands)
                .filter(Settings::isSteeringScript)
                .mapToInt(NotifyCommand::line)
                .min()
                .ifPresent(line -> findings.add(new Finding(
                        Severity.NOTE,
                        file.toString(),
                        line,
                        STEERING_SCRIPT,
                        "notify lines with this program are not run: the node commits, flushes and resyncs by itself;"
                                + " nothing needs to be changed")));
    }

    private static KeepalivedConfig withoutSteeringScript(KeepalivedConfig config) {
        List<SyncGroupConfig> groups = config.syncGroups().stream()
                .map(group -> group.withScripts(group.scripts().without(Settings::isSteeringScript)))
                .toList();
        List<InstanceConfig> instances = config.instances().stream()
                .map(instance -> instance.withScripts(instance.scripts().without(Settings::isSteeringScript)))
                .toList();
        return config.with(groups, instances);
    }

    private static boolean isSteeringScript(NotifyCommand command) {
        return command.programName().equals(STEERING_SCRIPT);
    }
}
