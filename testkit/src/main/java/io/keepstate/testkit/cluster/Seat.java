// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

/**
 * A place for a node in the simulated reference setup.
 *
 * @param name for traces
 * @param host last octet of its addresses
 * @param priority of its virtual routers
 */
public record Seat(String name, int host, int priority) {
    /** The preferred firewall. */
    public static final Seat FW1 = new Seat("fw1", 101, 100);
    /** Its standby. */
    public static final Seat FW2 = new Seat("fw2", 102, 50);

    /** Its address on the WAN (eth0) or the LAN (eth1). */
    String addressOn(String interfaceName) {
        return (interfaceName.equals("eth0") ? "10.15.7." : "172.16.0.") + host;
    }
}
