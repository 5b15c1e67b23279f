// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One {@code keepstate daemon} on the reference files. */
final class KeepstateSoftware implements NodeSoftware {
    private static final String KEEPALIVED_CONF = "/run/keepalived.conf";
    private static final String CONNTRACKD_CONF = "/run/conntrackd.conf";

    private final Machine machine;
    private final LabOptions options;
    private final Consumer<String> log;
    private volatile @Nullable Service daemon;

    KeepstateSoftware(Machine machine, LabOptions options, Consumer<String> log) {
        this.machine = machine;
        this.options = options;
        this.log = log;
    }

    @Override
    public void configure(String keepalivedConf, String conntrackdConf) {
        machine.write(KEEPALIVED_CONF, keepalivedConf);
        machine.write(CONNTRACKD_CONF, conntrackdConf);
    }

    @Override
    public void start() {
        List<String> command = new ArrayList<>(List.of(
                options.keepstate().toString(),
                "daemon",
                "--keepalived-conf",
                KEEPALIVED_CONF,
                "--conntrackd-conf",
                CONNTRACKD_CONF));
        if (options.withoutSync()) {
            command.add("--without-sync");
        }
        daemon = Service.start(machine, "keepstate", command, log);
    }

    @Override
    public void stop() {
        Service running = daemon;
        daemon = null;
        if (running != null) {
            running.stop();
        }
    }

    @Override
    public boolean running() {
        Service started = daemon;
        return started != null && started.running();
    }
}
