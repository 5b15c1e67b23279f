// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keepstate.examples.demo.traffic.TrafficServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The whole reference setup: switched on, the server listening, no node software yet. It needs no closing: it lasts as
 * long as the namespaces of this JVM.
 *
 * @param options what it is made of
 * @param topology the networks
 * @param fw1 the preferred firewall
 * @param fw2 the other
 */
public record Lab(LabOptions options, Topology topology, FirewallNode fw1, FirewallNode fw2) {
    /**
     * Builds it. The calling JVM must be in namespaces of its own and is the client.
     *
     * @param listener gets each line a node logs, with the node's name
     */
    public static Lab build(LabOptions options, BiConsumer<String, String> listener) {
        Topology topology = Topology.build(options.layout());
        startServer(topology.server());
        FirewallNode fw1 = new FirewallNode(1, options, topology, listener);
        FirewallNode fw2 = new FirewallNode(2, options, topology, listener);
        fw1.powerOn();
        fw2.powerOn();
        return new Lab(options, topology, fw1, fw2);
    }

    /** Both firewalls. */
    public List<FirewallNode> firewalls() {
        return List.of(fw1, fw2);
    }

    /** The firewall that is to be active for the group. */
    public FirewallNode preferred(AddressGroup group) {
        return group.preferred() == 1 ? fw1 : fw2;
    }

    /** The one that {@code node} is not. */
    public FirewallNode other(FirewallNode node) {
        return node == fw1 ? fw2 : fw1;
    }

    private static void startServer(Machine machine) {
        Process server = Program.start(new ProcessBuilder(machine.enter(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                TrafficServer.class.getName())));
        try {
            BufferedReader reader = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
            String line = reader.readLine();
            if (!TrafficServer.READY.equals(line)) {
                throw new LabException("the server of the demo does not start: " + line);
            }
        } catch (IOException failed) {
            throw new LabException("the server of the demo does not start: " + failed.getMessage(), failed);
        }
    }
}
