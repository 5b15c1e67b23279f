// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.IpAddress;
import java.util.OptionalInt;

/**
 * A router that is told and heard by unicast (keepalived: a line of unicast_peer).
 *
 * @param address its address
 * @param minTtl least TTL or hop limit of what is accepted from it, 0 to 255; absent: no check
 * @param maxTtl greatest TTL or hop limit of what is accepted from it, 0 to 255; absent: no check
 */
public record UnicastPeer(IpAddress address, OptionalInt minTtl, OptionalInt maxTtl) {

    private static final int MAX_TTL = 255;

    /** Refuses addresses that are no host's, and empty ranges. */
    public UnicastPeer {
        if (address.isMulticast()) {
            throw new IllegalArgumentException("unicast peer " + address + " is a multicast address");
        }
        int least = minTtl.orElse(0);
        int greatest = maxTtl.orElse(MAX_TTL);
        if (least < 0 || greatest > MAX_TTL || least > greatest) {
            throw new IllegalArgumentException("unicast peer " + address + ": TTL range " + least + " to " + greatest
                    + " is empty or not within 0 to 255");
        }
    }

    /** A peer whose TTL is not checked. */
    public static UnicastPeer of(IpAddress address) {
        return new UnicastPeer(address, OptionalInt.empty(), OptionalInt.empty());
    }

    /** Whether the TTL of what comes from it is checked. */
    public boolean checksTtl() {
        return minTtl.isPresent() || maxTtl.isPresent();
    }

    /** Whether this TTL or hop limit is in the range. */
    public boolean acceptsTtl(int ttl) {
        return ttl >= minTtl.orElse(0) && ttl <= maxTtl.orElse(MAX_TTL);
    }
}
