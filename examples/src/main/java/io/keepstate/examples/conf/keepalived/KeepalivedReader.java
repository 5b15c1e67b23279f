// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.ConfigurationFile;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Lexer;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import io.keepstate.examples.conf.Token;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the VRRP part of keepalived.conf. A directive that is not known or not supported is a warning and never ends
 * the reading; every error of a file is reported, not only the first.
 */
public final class KeepalivedReader {
    private final Findings findings;
    private final BlockReader in;
    private final Arguments arguments;
    private final GroupReader groups;
    private final List<InstanceReader> instances = new ArrayList<>();
    private int vrrpVersion = 2;

    private KeepalivedReader(String text, Findings findings) {
        this.findings = findings;
        this.in = new BlockReader(Lexer.cut(text, Lexer.Dialect.KEEPALIVED, findings), findings);
        this.arguments = new Arguments(in, findings);
        this.groups = new GroupReader(in, arguments, findings);
    }

    /** Reads a file. */
    public static Reading<KeepalivedConfig> read(Path file) {
        Findings findings = new Findings(file.toString());
        return ConfigurationFile.load(file, findings)
                .map(text -> new KeepalivedReader(text, findings).run())
                .orElseGet(() -> new Reading<>(Optional.empty(), findings.list()));
    }

    /** Reads the text of a file of the given name. */
    public static Reading<KeepalivedConfig> read(String fileName, String text) {
        return new KeepalivedReader(text, new Findings(fileName)).run();
    }

    private Reading<KeepalivedConfig> run() {
        in.file(new Directives()
                .on("global_defs", this::globalDefs)
                .on("vrrp_sync_group", groups::read)
                .on("vrrp_instance", this::instance));
        List<InstanceConfig> built = new ArrayList<>();
        for (InstanceReader instance : instances) {
            instance.config(vrrpVersion).ifPresent(built::add);
        }
        if (instances.isEmpty() && !findings.hasErrors()) {
            findings.error("there is no vrrp_instance block: add at least one");
        }
        checkNames();
        checkRouterIds(built);
        List<SyncGroupConfig> syncGroups =
                groups.configs(instances.stream().map(InstanceReader::name).toList());
        Optional<KeepalivedConfig> config = findings.hasErrors()
                ? Optional.empty()
                : Optional.of(new KeepalivedConfig(new KeepalivedConfig.GlobalDefs(vrrpVersion), syncGroups, built));
        List<Finding> inFileOrder = new ArrayList<>(findings.list());
        inFileOrder.sort((a, b) -> Integer.compare(a.line(), b.line())); // stable; checks of a whole block come late
        return new Reading<>(config, inFileOrder);
    }

    private void globalDefs(Token block) {
        in.block(
                block,
                new Directives()
                        .on("vrrp_version", name -> arguments.integer(name, 2, 3, value -> vrrpVersion = value)));
    }

    private void instance(Token block) {
        String name = arguments.name(block);
        InstanceReader reader = new InstanceReader(in, arguments, findings, block, name);
        instances.add(reader);
        reader.read();
    }

    private void checkNames() {
        Map<String, Token> seen = new HashMap<>();
        for (InstanceReader instance : instances) {
            Token first = seen.putIfAbsent(instance.name(), instance.block());
            if (first != null) {
                findings.error(
                        instance.block(),
                        "the name " + instance.name() + " is already that of the instance of" + " line " + first.line()
                                + ": give each instance a name of its own");
            }
        }
    }

    private void checkRouterIds(List<InstanceConfig> built) {
        Function<InstanceConfig, String> network =
                config -> config.interfaceName() + "/" + config.virtualRouterId() + "/" + config.ipv6();
        Map<String, InstanceConfig> seen = new HashMap<>();
        for (InstanceConfig config : built) {
            InstanceConfig first = seen.putIfAbsent(network.apply(config), config);
            if (first != null) {
                findings.add(
                        Severity.ERROR,
                        config.line(),
                        "virtual_router_id",
                        "instance " + config.name() + " has the virtual_router_id " + config.virtualRouterId()
                                + " of instance " + first.name() + " on the same interface " + config.interfaceName()
                                + ": give it another one");
            }
        }
    }
}
