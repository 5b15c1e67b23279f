// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.ConfigurationFile;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.keepalived.lines.LineLexer;
import io.keepstate.examples.conf.keepalived.lines.LineReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the VRRP part of keepalived.conf and of the files it includes. A directive that is not known or not supported is
 * reported and never ends the reading; every error of a file is reported, not only the first.
 */
public final class KeepalivedReader {
    private final Findings findings;
    private final LineReader source;
    private final BlockReader in;
    private final Arguments arguments;
    private final GlobalReader global;
    private final GroupReader groups;
    private final GarpGroups garpGroups;
    private final Definitions definitions;
    private final StaticReader statics;
    private final RouteNames names = RouteNames.ofThisMachine();
    private final List<InstanceReader> instances = new ArrayList<>();

    private KeepalivedReader(Path file, String text, String configId, Findings findings) {
        this.findings = findings;
        this.source = new LineReader(configId, findings);
        source.read(file, text);
        this.in = new BlockReader(LineLexer.cut(source.lines(), findings), findings, Severity.INVALID);
        this.arguments = new Arguments(in, findings);
        this.global = new GlobalReader(in, arguments, findings);
        this.groups = new GroupReader(in, arguments, findings);
        this.garpGroups = new GarpGroups(in, arguments, findings);
        this.definitions = new Definitions(in, arguments, findings);
        this.statics = new StaticReader(in, arguments, findings, names);
    }

    /** Reads a file, for {@code @conditions} under this machine's name. */
    public static Reading<KeepalivedConfig> read(Path file) {
        return read(file, hostName());
    }

    /**
     * Reads a file.
     *
     * @param configId what {@code @conditions} are compared with (keepalived -i)
     */
    public static Reading<KeepalivedConfig> read(Path file, String configId) {
        Findings findings = new Findings(file.toString());
        return ConfigurationFile.load(file, findings)
                .map(text -> new KeepalivedReader(file, text, configId, findings).run())
                .orElseGet(() -> new Reading<>(Optional.empty(), findings.list()));
    }

    /** Reads the text of a file of the given name. */
    public static Reading<KeepalivedConfig> read(String fileName, String text) {
        return new KeepalivedReader(Path.of(fileName), text, hostName(), new Findings(fileName)).run();
    }

    /** The machine's name up to the first dot: the default of {@code @conditions}. */
    public static String hostName() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.UTF_8)
                    .strip();
            int dot = name.indexOf('.');
            return dot < 0 ? name : name.substring(0, dot);
        } catch (IOException notLinux) {
            return "localhost";
        }
    }

    private Reading<KeepalivedConfig> run() {
        Directives table = new Directives()
                .on("vrrp_sync_group", groups::read)
                .on("vrrp_instance", this::instance)
                .on("garp_group", garpGroups::read);
        global.addTo(table);
        definitions.addTo(table);
        statics.addTo(table);
        in.file(Unsupported.addTo(table, Unsupported.Place.TOP, in, findings));
        List<InstanceConfig> built = build();
        if (instances.isEmpty() && !findings.hasErrors()) {
            findings.error("there is no vrrp_instance block: add at least one");
        }
        checkNames();
        Set<String> instanceNames =
                instances.stream().map(instance -> instance.name).collect(Collectors.toSet());
        List<SyncGroupConfig> syncGroups = groups.configs(instanceNames);
        statics.check(instanceNames);
        Optional<KeepalivedConfig> config = findings.hasErrors()
                ? Optional.empty()
                : Optional.of(new KeepalivedConfig(
                        global.config(),
                        syncGroups,
                        built,
                        definitions.objects(
                                global.config().dynamicInterfaces(),
                                global.config().scriptUser()),
                        definitions.commands(),
                        definitions.processWeights(),
                        statics.entries(global.defaultInterface())));
        config.ifPresent(it -> new KeepalivedReview(it, instances, findings).run());
        return new Reading<>(config, inFileOrder());
    }

    private List<InstanceConfig> build() {
        InstanceDefaults defaults = global.defaults();
        VirtualMacs virtualMacs = new VirtualMacs(findings);
        instances.forEach(instance -> virtualMacs.reserve(instance.vmacWords));
        TrackResolver tracks = new TrackResolver(definitions, groups, statics, findings);
        List<InstanceConfig> built = new ArrayList<>();
        for (InstanceReader instance : instances) {
            new InstanceBuilder(instance, defaults, garpGroups, virtualMacs, findings)
                    .build(tracks)
                    .ifPresent(built::add);
        }
        new RouterIds(findings).check(instances, built);
        return built;
    }

    private void instance(Token block) {
        String name = arguments.name(block);
        InstanceReader reader = new InstanceReader(in, arguments, findings, names, block, name);
        instances.add(reader);
        reader.read();
    }

    private void checkNames() {
        Map<String, Token> seen = new HashMap<>();
        for (InstanceReader instance : instances) {
            Token first = seen.putIfAbsent(instance.name, instance.block);
            if (first != null) {
                findings.error(
                        instance.block,
                        "the name " + instance.name + " is already that of the instance of" + " line " + first.line()
                                + ": give each instance a name of its own");
            }
        }
    }

    /** By file in the order they were opened, then by line; the checks of a whole block came late. */
    private List<Finding> inFileOrder() {
        List<String> files = source.files();
        List<Finding> sorted = new ArrayList<>(findings.list());
        sorted.sort(Comparator.<Finding>comparingInt(finding -> files.indexOf(finding.file()))
                .thenComparingInt(Finding::line));
        return sorted;
    }
}
