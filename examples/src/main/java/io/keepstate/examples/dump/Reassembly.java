// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts fragmented UDP together, as sync messages over IPv6 may be: conntrackd reckons with the header of IPv4. Overlapping
 * fragments are not (RFC 5722). Bounded: of more than {@link #MAX_DATAGRAMS} unfinished datagrams the oldest is dropped.
 */
final class Reassembly {
    static final int MAX_DATAGRAMS = 64;
    private static final int MAX_OCTETS = 65_535;

    private record Key(IpAddress source, IpAddress destination, int protocol, int identification) {}

    /** The fragments of one datagram, by offset. */
    private static final class Parts {
        private final TreeMap<Integer, IpPacket> fragments = new TreeMap<>();
        private int length = -1;

        /** The whole, if all is there. */
        Optional<IpPacket> add(IpPacket fragment) {
            fragments.put(fragment.fragmentOffset(), fragment);
            if (!fragment.moreFragments()) {
                length = fragment.fragmentOffset() + fragment.payload().readableBytes();
            }
            int next = 0;
            for (IpPacket each : fragments.values()) {
                if (each.fragmentOffset() != next) {
                    return Optional.empty();
                }
                next += each.payload().readableBytes();
            }
            if (next != length || length > MAX_OCTETS) {
                return Optional.empty();
            }
            ByteBuf whole = Unpooled.buffer(length);
            fragments.values().forEach(each -> whole.writeBytes(each.payload().slice()));
            return Optional.of(fragments.firstEntry().getValue().whole(whole));
        }
    }

    private final Map<Key, Parts> datagrams = new LinkedHashMap<>();

    /** Takes a fragment; the datagram, once its last part is there. */
    Optional<IpPacket> add(IpPacket fragment) {
        Key key = new Key(fragment.source(), fragment.destination(), fragment.protocol(), fragment.identification());
        Parts parts = datagrams.computeIfAbsent(key, each -> new Parts());
        Optional<IpPacket> whole = parts.add(fragment);
        if (whole.isPresent()) {
            datagrams.remove(key);
        } else if (datagrams.size() > MAX_DATAGRAMS) {
            datagrams.remove(datagrams.keySet().iterator().next());
        }
        return whole;
    }
}
