// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.event.PriorityEvent;
import io.keepstate.node.event.RouterChanged;
import io.keepstate.node.linux.LinuxNode;
import io.keepstate.node.linux.NodeStartException;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;

/**
 * Gives orders to a running node and prints its typed events: {@code RuntimeOrders eth0 51 100 192.0.2.1/24}, then lines
 * {@code resign} or {@code priority 90} on standard input, to its end. Needs CAP_NET_ADMIN and CAP_NET_RAW.
 */
public final class RuntimeOrders {
    private RuntimeOrders() {}

    /** Takes interface, VRID, priority and virtual address. */
    public static void main(String[] arguments) {
        VirtualRouterConfig router = VirtualRouterConfig.builder("router", arguments[0])
                .virtualRouterId(Integer.parseInt(arguments[1]))
                .priority(Integer.parseInt(arguments[2]))
                .address(arguments[3])
                .build();
        NodeConfiguration alone = NodeConfiguration.of(List.of(new VrrpGroup("group", List.of(router))));
        LinuxNode.Builder builder = LinuxNode.builder().configuration(alone).listener(RuntimeOrders::print);
        try (LinuxNode node = builder.build()) {
            node.start();
            Scanner orders = new Scanner(System.in, StandardCharsets.US_ASCII);
            while (orders.hasNext()) {
                System.out.println(obey(node, orders.next(), orders));
            }
        } catch (NodeStartException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static String obey(LinuxNode node, String order, Scanner more) {
        var answer =
                order.equals("resign") ? node.resign("group", "told to") : node.setPriority("router", more.nextInt());
        return answer.handle((done, refusal) -> refusal == null ? "done" : "refused: " + refusal.getMessage())
                .join();
    }

    private static void print(NodeEvent event) {
        if (event instanceof RouterChanged change) {
            System.out.println(change.router() + " is " + change.to() + ", since " + change.reason());
        } else if (event instanceof PriorityEvent.Changed changed) {
            System.out.println(changed.router() + " has priority " + changed.to());
        }
    }
}
