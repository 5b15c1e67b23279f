// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.IpAddress;
import java.util.Optional;

/**
 * One way a route leads.
 *
 * @param via the gateway; empty if the destination is on the link
 * @param interfaceName the interface; empty to let the gateway decide
 * @param weight its share among several next hops, 1 to 256
 * @param onLink take the gateway as reachable on the interface even if no network there has its address
 */
public record NextHop(Optional<IpAddress> via, Optional<String> interfaceName, int weight, boolean onLink) {

    /** Refuses a next hop that leads nowhere. */
    public NextHop {
        if (via.isEmpty() && interfaceName.isEmpty()) {
            throw new IllegalArgumentException("a next hop needs a gateway (via), an interface (dev), or both");
        }
        if (weight < 1 || weight > 256) {
            throw new IllegalArgumentException("weight " + weight + " of a next hop must be 1 to 256");
        }
        if (onLink && interfaceName.isEmpty()) {
            throw new IllegalArgumentException("an onlink next hop needs its interface (dev)");
        }
    }

    /** By a gateway. */
    public static NextHop via(IpAddress gateway) {
        return new NextHop(Optional.of(gateway), Optional.empty(), 1, false);
    }

    /** By a gateway on an interface. */
    public static NextHop via(IpAddress gateway, String interfaceName) {
        return new NextHop(Optional.of(gateway), Optional.of(interfaceName), 1, false);
    }

    /** On the link of an interface. */
    public static NextHop dev(String interfaceName) {
        return new NextHop(Optional.empty(), Optional.of(interfaceName), 1, false);
    }

    @Override
    public String toString() {
        return via.map(gateway -> "via " + gateway).orElse("")
                + interfaceName
                        .map(name -> (via.isPresent() ? " " : "") + "dev " + name)
                        .orElse("")
                + (weight > 1 ? " weight " + weight : "")
                + (onLink ? " onlink" : "");
    }
}
