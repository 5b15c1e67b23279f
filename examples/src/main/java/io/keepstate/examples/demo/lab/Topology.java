// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

/**
 * The reference setup's two networks and its sync cable. Bridges stand for the switches; they live on a machine of
 * their own, so the far end of every cable can be pulled without touching the firewall it leads to.
 *
 * <pre>
 *   client -- lan -- eth1 fw1 eth0 -- wan -- server
 *                \-- eth1 fw2 eth0 --/
 *                    eth2 fw1 ---- eth2 fw2        (sync)
 * </pre>
 */
public final class Topology {
    /** Counts RST segments in both directions, at both ends of the sessions. */
    private static final String RST_COUNTERS = """
            table inet watch {
              chain in { type filter hook input priority 0; tcp flags & rst == rst counter comment "in"; }
              chain out { type filter hook output priority 0; tcp flags & rst == rst counter comment "out"; }
            }
            """;

    private final Machine wires;
    private final Machine client;
    private final Machine server;

    private Topology(Machine wires, Machine client, Machine server) {
        this.wires = wires;
        this.client = client;
        this.server = server;
    }

    /** Builds everything but the firewalls. The calling JVM is on the client machine. */
    static Topology build(Layout layout) {
        Topology topology = new Topology(Machine.boot("wires"), Machine.own("client"), Machine.boot("server"));
        StringBuilder bridges = new StringBuilder();
        for (String bridge : new String[] {"lan", "wan", "sync"}) {
            bridges.append("link add ").append(bridge).append(" type bridge stp_state 0 forward_delay 0 ");
            bridges.append("mcast_snooping 0\nlink set ").append(bridge).append(" up\n");
        }
        topology.wires.ip(bridges.toString());
        topology.plug(topology.client, "eth0", "lan");
        topology.plug(topology.server, "eth0", "wan");
        // gso_max_segs 1: one datagram is one segment, so the firewall's counters can be compared with the content.
        StringBuilder onClient = new StringBuilder("link set eth0 gso_max_segs 1 up\n");
        StringBuilder onServer = new StringBuilder(onClient);
        for (AddressGroup group : layout.groups()) {
            onClient.append(group.hostAddresses("172.16.0", "2001:db8:16:10"));
            onServer.append(group.hostAddresses("10.15.7", "2001:db8:15:7"));
        }
        for (AddressGroup group : layout.groups()) {
            onClient.append(group.clientRoutes());
            onServer.append(group.serverRoutes());
        }
        topology.client.ip(onClient.toString());
        topology.server.ip(onServer.toString());
        topology.client.nft(RST_COUNTERS);
        topology.server.nft(RST_COUNTERS);
        return topology;
    }

    /** The machine the sessions end on. */
    public Machine server() {
        return server;
    }

    /** RST segments seen so far at either end of the sessions. */
    public long resetsSeen() {
        long[] atClient = rstCounters(client);
        long[] atServer = rstCounters(server);
        // One that arrives was also sent: count each direction once.
        return Math.max(atClient[0], atServer[1]) + Math.max(atServer[0], atClient[1]);
    }

    private static long[] rstCounters(Machine machine) {
        String rules = machine.run("nft list table inet watch");
        return new long[] {packets(rules, "\"in\""), packets(rules, "\"out\"")};
    }

    private static long packets(String rules, String comment) {
        String line = rules.lines().filter(l -> l.contains(comment)).findFirst().orElseThrow();
        String after = line.substring(line.indexOf("packets ") + "packets ".length());
        return Long.parseLong(after.substring(0, after.indexOf(' ')));
    }

    /** Plugs a firewall's three cables in. */
    void plug(Machine firewall) {
        plug(firewall, "eth0", "wan");
        plug(firewall, "eth1", "lan");
        plug(firewall, "eth2", "sync");
        // The sync cable is a direct one: with a machine at both ends, both see a carrier again.
        wires.run("for port in fw1-eth2 fw2-eth2; do ip link set $port up 2>/dev/null || true; done");
    }

    private void plug(Machine machine, String link, String bridge) {
        String port = machine.name() + "-" + link;
        wires.ip("link add %s type veth peer name %s netns %d\nlink set %s group %d master %s up\n"
                .formatted(port, link, machine.pid(), port, group(machine), bridge));
    }

    /** Takes the carrier from all links of a firewall, and from the other end of its sync cable, at one go. */
    void unplug(Machine firewall) {
        // One netlink request for the whole group: were they pulled one by one, the node would still send its farewell
        // on the second cable because the first has lost its carrier.
        wires.run("ip link set group " + group(firewall) + " down\n"
                // The other machine may be off: then there is no such port.
                + "ip link set " + (firewall.name().equals("fw1") ? "fw2" : "fw1") + "-eth2 down 2>/dev/null || true");
    }

    private static int group(Machine machine) {
        return switch (machine.name()) {
            case "fw1" -> 1;
            case "fw2" -> 2;
            default -> 3;
        };
    }
}
