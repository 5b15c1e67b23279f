// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import io.keepstate.flow.IpAddress;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.PeerLinks;
import java.util.List;
import java.util.Optional;

/**
 * What lies between our node (number 1 of each network) and conntrackd (number 2): one or two cables, eth2 and eth3, and
 * a transport. For each, what conntrackd's file says and what our node is told.
 */
enum SyncWire {
    UDP,
    UDP6,
    MULTICAST,
    MULTICAST6,
    TCP,
    TCP6,
    /** With a send buffer so small that conntrackd, which takes a write in part for the whole, loses the stream. */
    TCP_TIGHT,
    /** Two cables. */
    TWO_UDP,
    TWO_TCP;

    private static final int BUFFER = 1_249_280;
    private static final int TIGHT_BUFFER = 4_096;
    private static final int PORT = 3780;

    /** Every transport and family over one cable. */
    static List<SyncWire> withOneCable() {
        return List.of(UDP, UDP6, MULTICAST, MULTICAST6, TCP, TCP6);
    }

    /** Whether losses on the way are the kernel's to repair. */
    boolean isTcp() {
        return name().contains("TCP");
    }

    /** Cables there are. */
    int cables() {
        return this == TWO_UDP || this == TWO_TCP ? 2 : 1;
    }

    static String device(int cable) {
        return "eth" + (2 + cable);
    }

    private int buffer() {
        return this == TCP_TIGHT ? TIGHT_BUFFER : BUFFER;
    }

    private boolean isIpv6() {
        return name().endsWith("6");
    }

    private static String address(int cable, int number, boolean ipv6) {
        return ipv6 ? "fd00:" + cable + "::" + number : "10.0." + cable + "." + number;
    }

    /** Addresses of a machine, as given to its cable. */
    static List<String> addresses(int cable, int number) {
        return List.of(address(cable, number, false) + "/24", address(cable, number, true) + "/64");
    }

    /** What filters leave out: the sync links' own packets. */
    static List<String> ignored() {
        return List.of(
                "10.0.0.1", "10.0.0.2", "10.0.1.1", "10.0.1.2", "fd00:0::1", "fd00:0::2", "fd00:1::1", "fd00:1::2");
    }

    /** The blocks of a conntrackd.conf on a machine. */
    String blocks(int own) {
        StringBuilder blocks = new StringBuilder();
        for (int cable = 0; cable < cables(); cable++) {
            String head = cable == 0 && cables() > 1 ? " Default" : "";
            blocks.append(block(cable, own, head));
        }
        return blocks.toString();
    }

    private String block(int cable, int own, String head) {
        String local = address(cable, own, isIpv6());
        String peer = address(cable, 3 - own, isIpv6());
        String family = isIpv6() ? "IPv6" : "IPv4";
        // Over IPv6 conntrackd takes the interface to join on from Interface, but only behind the address.
        String ends = name().startsWith("MULTICAST")
                ? (isIpv6() ? "IPv6_address ff02::50\n" : "IPv4_address 225.0.0.50\nIPv4_interface " + local + "\n")
                        + "Group " + PORT + "\n"
                : family + "_address " + local + "\n" + family + "_Destination_Address " + peer + "\nPort " + PORT
                        + "\n";
        String kind = isTcp() ? "TCP" : name().contains("UDP") ? "UDP" : "Multicast";
        return kind + head + " {\n" + ends + "Interface " + device(cable) + "\nSndSocketBuffer " + buffer()
                + "\nRcvSocketBuffer " + buffer() + "\nChecksum on\n}\n";
    }

    /** What our node is told. */
    PeerLinks links() {
        PeerLink first = link(0);
        return cables() == 1 ? PeerLinks.of(first) : new PeerLinks(List.of(first, link(1)), 0);
    }

    private PeerLink link(int cable) {
        Optional<String> device = Optional.of(device(cable));
        IpAddress local = IpAddress.parse(address(cable, 1, isIpv6()));
        IpAddress peer = IpAddress.parse(address(cable, 2, isIpv6()));
        return switch (this) {
            case UDP, UDP6, TWO_UDP -> new PeerLink.Udp(local, peer, PORT, device, BUFFER, BUFFER, true);
            case TCP, TCP6, TCP_TIGHT, TWO_TCP ->
                new PeerLink.Tcp(local, peer, PORT, device, buffer(), buffer(), PeerLink.DEFAULT_ERROR_QUEUE_LENGTH);
            case MULTICAST ->
                new PeerLink.Multicast(
                        IpAddress.parse("225.0.0.50"), Optional.of(local), PORT, device, BUFFER, BUFFER, true);
            case MULTICAST6 ->
                new PeerLink.Multicast(
                        IpAddress.parse("ff02::50"), Optional.empty(), PORT, device, BUFFER, BUFFER, true);
        };
    }
}
