// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import io.keepstate.examples.demo.lab.AddressGroup;
import io.keepstate.examples.demo.lab.FirewallNode;
import io.keepstate.examples.demo.lab.Lab;
import io.keepstate.examples.demo.lab.Layout;
import io.keepstate.examples.demo.traffic.SessionSample;
import io.keepstate.examples.demo.traffic.TrafficClient;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Keeps the status block of the console fresh. One daemon thread of its own. */
final class StatusView {
    private static final long PERIOD_MILLIS = 500;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Console console;
    private final List<FirewallNode> nodes;
    private final Layout layout;
    private final TrafficClient client;
    private long lastReceived;
    private volatile boolean stopped;

    private final Thread thread = new Thread(this::loop, "status");

    private StatusView(Console console, Lab lab, TrafficClient client) {
        this.console = console;
        this.nodes = lab.firewalls();
        this.layout = lab.options().layout();
        this.client = client;
    }

    static StatusView start(Console console, Lab lab, TrafficClient client) {
        StatusView view = new StatusView(console, lab, client);
        view.thread.setDaemon(true);
        view.thread.start();
        return view;
    }

    /** Nothing is drawn after it returns. */
    void stop() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        while (!stopped) {
            List<SessionSample> samples = client.sample();
            console.status(lines(samples));
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }

    private String state(FirewallNode node) {
        if (!node.on()) {
            return "OFF";
        }
        String groups = layout.groups().stream()
                .filter(node::active)
                .map(AddressGroup::name)
                .collect(Collectors.joining("+"));
        if (!groups.isEmpty()) {
            return layout == Layout.ONE_GROUP ? "ACTIVE" : groups;
        }
        return node.running() ? "standby" : "stopped";
    }

    private List<String> lines(List<SessionSample> samples) {
        long received = samples.stream().mapToLong(SessionSample::received).sum();
        long rate = (received - lastReceived) * 1000 / PERIOD_MILLIS / 1024;
        lastReceived = received;
        long broken = samples.stream().filter(s -> !s.broken().isEmpty()).count();
        long quiet = samples.stream().filter(s -> s.quietNanos() > QUIET_NANOS).count();
        StringBuilder who = new StringBuilder("  ");
        for (FirewallNode node : nodes) {
            who.append(String.format("%s %-10s", node.name(), state(node)));
        }
        return List.of(
                "  " + "-".repeat(70),
                who.toString(),
                String.format(
                        Locale.ROOT,
                        "  %d sessions: %d without content for 1 s, %d ended; %d KiB/s of checked content",
                        samples.size(),
                        quiet,
                        broken,
                        rate));
    }
}
