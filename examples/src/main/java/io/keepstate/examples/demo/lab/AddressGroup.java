// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import io.keepstate.examples.demo.traffic.Route;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A VRRP group of the lab, and who goes through it: a client and a server with an address of each family.
 *
 * @param name as in the configuration files
 * @param preferred the number of the node that is to be active for it
 * @param gateway the last part of its first address on each network
 * @param peers the last part of the address of its client and of its server
 * @param hosts the last parts of its IPv4 addresses
 */
public record AddressGroup(String name, int preferred, int gateway, int peers, Set<Integer> hosts) {
    /** All virtual addresses. */
    Set<String> addresses() {
        return Stream.concat(
                        hosts.stream().flatMap(host -> Stream.of("10.15.7." + host, "172.16.0." + host)),
                        Stream.of("2001:db8:15:7::" + gateway, "2001:db8:16:10::" + gateway))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Where its client's sessions go. */
    public Route route() {
        return new Route("10.15.7." + peers, "2001:db8:15:7::" + peers);
    }

    /** {@code ip -batch} on the client machine, when all addresses are there. */
    String clientRoutes() {
        return """
                route add 10.15.7.%1$d via 172.16.0.%2$d src 172.16.0.%1$d
                route add 2001:db8:15:7::%1$d via 2001:db8:16:10::%2$d src 2001:db8:16:10::%1$d
                """.formatted(peers, gateway);
    }

    /** {@code ip -batch} on the server machine: IPv4 comes from the group's address (SNAT), IPv6 from the client's. */
    String serverRoutes() {
        return """
                route add 10.15.7.%2$d dev eth0 src 10.15.7.%1$d
                route add 2001:db8:16:10::%1$d via 2001:db8:15:7::%2$d src 2001:db8:15:7::%1$d
                """.formatted(peers, gateway);
    }

    /** {@code ip -batch} on the client or server machine. */
    String hostAddresses(String network4, String network6) {
        return """
                address add %s.%d/24 dev eth0
                address add %s::%d/64 dev eth0 nodad
                """.formatted(network4, peers, network6, peers);
    }
}
