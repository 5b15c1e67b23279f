// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepstate.examples.demo.lab.Deviation;
import io.keepstate.examples.interop.ReferenceFirewall.Software;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The reference setup of examples/conf with a client and a server, each firewall with a conntrackd of its own or ours.
 * The elections are the test's: it runs primary-backup.sh as keepalived would, and moves the addresses.
 *
 * <pre>
 *   client .10 -- lan -- eth1 fw1 eth0 -- wan -- server .10
 *                    \-- eth1 fw2 eth0 --/
 *                        eth2 fw1 -- sync -- eth2 fw2
 * </pre>
 */
final class ReferenceSetup {
    /** What is different from examples/conf: its conntrackd.conf, its rules. */
    record Variant(UnaryOperator<String> conntrackdConf, UnaryOperator<String> rules) {
        static final Variant NONE = new Variant(text -> text, text -> text);

        /** Beside what is different already. */
        Variant with(Deviation some) {
            return with(conf -> some.apply("conntrackd-fw.conf", conf), text -> some.apply("firewall.nft", text));
        }

        /** Beside what is different already. */
        Variant with(UnaryOperator<String> conf, UnaryOperator<String> text) {
            return new Variant(
                    before -> conf.apply(conntrackdConf.apply(before)), before -> text.apply(rules.apply(before)));
        }
    }

    final LabNamespace client;
    final LabNamespace server;
    final ReferenceFirewall fw1;
    final ReferenceFirewall fw2;
    private final String name;

    ReferenceSetup(Lab lab, String name, Software first, Software second, Variant one, Variant other) {
        Requires.program("conntrackd");
        Requires.program("nft");
        assumeTrue(
                Files.isExecutable(Path.of(Software.OURS.program())),
                "no distribution in target/keepstate: run the package phase first");
        this.name = name;
        LabNamespace wires = lab.namespace(name + "-wires");
        for (String bridge : List.of("lan", "wan", "sync")) {
            wires.bridge(bridge);
        }
        client = host(lab, wires, "client", "lan");
        server = host(lab, wires, "server", "wan");
        client.address("eth0", "172.16.0.10/24");
        client.address("eth0", "2001:db8:16:10::10/64");
        client.route("0.0.0.0/0", "172.16.0.100");
        client.route("::/0", "2001:db8:16:10::100");
        server.address("eth0", "10.15.7.10/24");
        server.address("eth0", "2001:db8:15:7::10/64");
        server.route("2001:db8:16:10::/64", "2001:db8:15:7::100");
        fw1 = new ReferenceFirewall(lab, wires, name, 1, first, one.conntrackdConf, one.rules.apply(rules()));
        fw2 = new ReferenceFirewall(lab, wires, name, 2, second, other.conntrackdConf, other.rules.apply(rules()));
        fw1.powerOn();
        fw2.powerOn();
    }

    private LabNamespace host(Lab lab, LabNamespace wires, String host, String bridge) {
        LabNamespace machine = lab.namespace(name + "-" + host);
        lab.veth(wires, host, machine, "eth0");
        wires.run("ip", "link", "set", host, "master", bridge);
        return machine;
    }

    private static String rules() {
        try {
            return Files.readString(Path.of("conf/firewall.nft"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The hosts ask anew who has the gateways' addresses: what a gratuitous ARP brings about. */
    void announced() {
        client.run("ip", "neigh", "flush", "all");
        server.run("ip", "neigh", "flush", "all");
    }

    @Override
    public String toString() {
        return name;
    }
}
