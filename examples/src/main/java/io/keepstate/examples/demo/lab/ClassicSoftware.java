// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The installed keepalived and a conntrackd, the installed one or ours, joined by the primary-backup.sh that conntrackd
 * brings; for ours the program's path in it is another. The keepalived.conf
 * differs from the reference in the place of the IPv6 addresses only.
 */
final class ClassicSoftware implements NodeSoftware {
    private static final String C_CONNTRACKD = "/usr/sbin/conntrackd";
    private static final Path PROTOCOLS = Path.of("/etc/protocols");
    private static final String KEEPALIVED_CONF = "/run/keepalived.conf";
    private static final String CONNTRACKD_CONF = "/etc/conntrackd/conntrackd.conf";

    private final Machine machine;
    private final String program;
    private final LabOptions options;
    private final Consumer<String> log;
    private volatile @Nullable Service keepalived;
    private volatile @Nullable Service conntrackd;

    ClassicSoftware(Machine machine, NodeKind kind, LabOptions options, Consumer<String> log) {
        this.machine = machine;
        this.program = kind == NodeKind.SCRIPTED
                ? options.keepstate().resolveSibling("conntrackd").toString()
                : C_CONNTRACKD;
        this.options = options;
        this.log = log;
    }

    @Override
    public void configure(String keepalivedConf, String conntrackdConf) {
        if (!Files.isDirectory(Path.of("/etc/conntrackd"))) {
            throw new LabException("--c-nodes needs the Debian packages keepalived and conntrackd: apt-get install"
                    + " keepalived conntrackd");
        }
        if (!Files.isReadable(PROTOCOLS)) {
            throw new LabException("--c-nodes needs " + PROTOCOLS + ": without it conntrackd knows no protocol by name "
                    + "and its filter lets no flow through: apt-get install netbase");
        }
        machine.write(KEEPALIVED_CONF, ReferenceFiles.forKeepalived(keepalivedConf));
        machine.write(CONNTRACKD_CONF, conntrackdConf);
        try {
            // It would start a conntrackd that does not answer, and that one would synchronise.
            machine.write("/etc/conntrackd/primary-backup.sh", options.withoutSync() ? "#!/bin/sh\n" : script());
        } catch (IOException failed) {
            throw new LabException("cannot read conntrackd's script: " + failed.getMessage(), failed);
        }
        machine.run("chmod 755 /etc/conntrackd/primary-backup.sh");
    }

    /** conntrackd's own knows one group: with two it purges the flows of the group that stays. */
    private String script() throws IOException {
        String text = options.layout() == Layout.ONE_GROUP
                ? Files.readString(SteeringScript.path(options.keepstate()))
                : options.read("primary-backup.sh");
        return text.replace("CONNTRACKD_BIN=" + C_CONNTRACKD + "\n", "CONNTRACKD_BIN=" + program + "\n");
    }

    @Override
    public void start() {
        if (!options.withoutSync()) {
            conntrackd = Service.start(machine, "conntrackd", List.of(program, "-C", CONNTRACKD_CONF), log);
            // The script must find it: keepalived enters its first state, and runs the script, at once.
            machine.run("for i in $(seq 600); do [ -S /var/run/conntrackd.ctl ] && exit 0; sleep 0.05; done; "
                    + "echo 'conntrackd does not open its control socket'; exit 1");
        }
        keepalived = Service.start(
                machine, "keepalived", List.of("keepalived", "--vrrp", "-n", "-l", "-D", "-f", KEEPALIVED_CONF), log);
    }

    @Override
    public void stop() {
        // keepalived first: its farewell still has the state behind it.
        stop(keepalived);
        keepalived = null;
        stop(conntrackd);
        conntrackd = null;
    }

    private static void stop(@Nullable Service service) {
        if (service != null) {
            service.stop();
        }
    }

    @Override
    public boolean running() {
        return running(keepalived) && (options.withoutSync() || running(conntrackd));
    }

    private static boolean running(@Nullable Service service) {
        return service != null && service.running();
    }
}
