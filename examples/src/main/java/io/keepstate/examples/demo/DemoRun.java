// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import io.keepstate.examples.demo.lab.Lab;
import io.keepstate.examples.demo.lab.LabException;
import io.keepstate.examples.demo.lab.LabOptions;
import io.keepstate.examples.demo.lab.Layout;
import io.keepstate.examples.demo.traffic.TrafficClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The demo, inside its namespaces: the JVM runs on the client machine. */
public final class DemoRun {
    private static final int DOWNLOADS = 40;
    private static final int ECHOES = 20;
    private static final int IDLE = 40;

    private final DemoOptions options;
    private final Console console;
    private final Lab lab;

    private DemoRun(DemoOptions options, Console console, Lab lab) {
        this.options = options;
        this.console = console;
        this.lab = lab;
    }

    /** Started by {@link Launcher} only. */
    public static void main(String[] words) {
        System.exit(run(DemoOptions.fromWords(words)));
    }

    private static int run(DemoOptions options) {
        Console console = Console.standard();
        try {
            console.event("building the reference setup: client, server, fw1, fw2");
            LabOptions labOptions = new LabOptions(
                    options.kindOf("fw1"),
                    options.kindOf("fw2"),
                    options.withoutSync(),
                    options.layout(),
                    options.deviations(),
                    Distribution.launcher());
            Lab lab = Lab.build(labOptions, (node, line) -> {
                if (options.verbose()) {
                    console.print("           " + node + " | " + line + System.lineSeparator());
                }
            });
            return new DemoRun(options, console, lab).run();
        } catch (LabException cannotRun) {
            console.print("keepstate demo cannot run here: " + cannotRun.getMessage() + System.lineSeparator());
            return Launcher.CANNOT_RUN;
        }
    }

    private int run() {
        boolean oneGroup = options.layout() == Layout.ONE_GROUP;
        if (oneGroup) {
            OneGroupScript.start(lab);
            console.event("fw1 is active, fw2 stands by");
        } else {
            TwoGroupsScript.start(lab);
            console.event("fw1 is active for G1, fw2 for G2");
        }
        TrafficClient client = openSessions();
        Stage stage = new Stage(options, console, lab, client);
        Script script = oneGroup ? new OneGroupScript(stage) : new TwoGroupsScript(stage);
        StatusView view = StatusView.start(console, lab, client);
        stage.settle();
        for (int cycle = 0; cycle < options.cycles(); cycle++) {
            script.cycle(cycle);
        }
        view.stop();
        Report report = new Report(stage.changes());
        console.print(report.text(client.udp(), client.icmp()));
        options.json().ifPresent(file -> write(Path.of(file), report.json()));
        return report.flawless() ? 0 : 1;
    }

    private TrafficClient openSessions() {
        TrafficClient client = TrafficClient.open(options.layout().routes(), DOWNLOADS, ECHOES, IDLE, 20261122);
        client.mark();
        boolean open = Stage.await(
                Stage.JUDGED_WITHIN_NANOS, () -> client.sample().stream().allMatch(s -> s.moved() > 0));
        if (!open) {
            throw new LabException("the sessions do not open through the firewalls; the last words of fw1: "
                    + String.join(" / ", lab.fw1().lastLines()));
        }
        console.event(DOWNLOADS + " downloads, " + ECHOES + " echoes, " + IDLE
                + " idle sessions are open, half IPv4 through SNAT, half IPv6"
                + (options.layout() == Layout.ONE_GROUP ? "" : "; half of each through G1, half through G2"));
        return client;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new LabException("cannot write " + file + ": " + failed.getMessage(), failed);
        }
    }
}
