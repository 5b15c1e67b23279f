// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.UnicastPeer;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads how an instance's adverts travel: multicast or unicast, from which address, to whom. */
final class UnicastReader {
    private static final int MAX_TTL = 255;

    /** A peer and where it stands. */
    private record Peer(Token at, UnicastPeer peer) {}

    private final BlockReader in;
    private final Arguments arguments;
    private final Findings findings;
    private final List<Peer> peers = new ArrayList<>();

    private @Nullable Token unicastAt;
    private @Nullable Token faultAt;
    private @Nullable Token sourceAt;
    private @Nullable IpAddress source;
    private @Nullable Token groupAt;
    private @Nullable IpAddress group;
    private @Nullable Token trackAt;
    private OptionalInt ttl = OptionalInt.empty();
    private Optional<Boolean> checkSource = Optional.empty();

    UnicastReader(BlockReader in, Arguments arguments, Findings findings) {
        this.in = in;
        this.arguments = arguments;
        this.findings = findings;
    }

    Directives addTo(Directives table) {
        return table.on(
                        "mcast_src_ip",
                        at -> address(at, value -> {
                            source = value;
                            sourceAt = at;
                        }))
                .on("unicast_src_ip", at -> {
                    unicastAt = at;
                    address(at, value -> {
                        source = value;
                        sourceAt = at;
                    });
                })
                .on(
                        "mcast_dst_ip",
                        at -> address(at, value -> {
                            group = value;
                            groupAt = at;
                        }))
                .on("unicast_ttl", at -> {
                    unicastAt = at;
                    arguments.integer(at, 0, MAX_TTL, value -> ttl(at, value));
                })
                .on("check_unicast_src", at -> {
                    unicastAt = at;
                    arguments.flag(at, value -> checkSource = Optional.of(value));
                })
                .on(
                        "unicast_fault_no_peer",
                        at -> arguments.bare(at, () -> {
                            unicastAt = at;
                            faultAt = at;
                        }))
                .on("track_src_ip", at -> arguments.bare(at, () -> trackAt = at))
                .on("unicast_peer", this::peerBlock);
    }

    private void ttl(Token at, int value) {
        if (value == 0) {
            findings.warn(at, "packets with a TTL of 0 reach nobody, the default is used: write 1 to 255");
            ttl = OptionalInt.empty();
        } else {
            ttl = OptionalInt.of(value);
        }
    }

    boolean isUnicast() {
        return !peers.isEmpty();
    }

    /** Where a unicast directive stands, if there is one. */
    Optional<Token> at() {
        return Optional.ofNullable(unicastAt);
    }

    /** Remembers a directive that makes sense with unicast peers only. */
    void mentionedAt(Token at) {
        unicastAt = at;
    }

    /** Strict mode refuses unicast: the peers are forgotten. */
    void forgetPeers() {
        peers.clear();
        unicastAt = null;
    }

    /** The source address, if one of the right family was given. */
    Optional<IpAddress> source(AddressFamily family) {
        IpAddress address = source;
        Token at = sourceAt;
        if (address == null || at == null) {
            return Optional.empty();
        }
        if (address.family() != family) {
            findings.invalid(at, address + " is not of the family of the virtual addresses, it is ignored: correct it");
            return Optional.empty();
        }
        return Optional.of(address);
    }

    /** Whether that source address must be there. */
    boolean tracksSource(AddressFamily family) {
        if (trackAt == null) {
            return false;
        }
        boolean given = source != null && source.family() == family;
        if (!given) {
            findings.warn(
                    trackAt,
                    "there is no source address to be tracked: add mcast_src_ip or unicast_src_ip, or remove this");
        }
        return given;
    }

    /** The transport of an instance of that family. */
    Optional<Transport> transport(AddressFamily family, Optional<IpAddress> defaultGroup, boolean checkByDefault) {
        Token unicast = unicastAt;
        List<UnicastPeer> usable = usable(family);
        if (usable.isEmpty()) {
            if (faultAt != null) {
                findings.error(faultAt, "there is no unicast peer, and the instance can never start: add unicast_peer");
                return Optional.empty();
            }
            if (unicast != null) {
                findings.invalid(
                        unicast,
                        "there is no unicast peer, multicast is used: add `unicast_peer { ADDRESS }' or remove this");
            }
            return Optional.of(new Transport.Multicast(groupOf(family, defaultGroup)));
        }
        if (groupAt != null) {
            findings.invalid(groupAt, "a multicast group has no effect beside unicast peers: remove one of them");
        }
        return Optional.of(new Transport.Unicast(usable, ttl, checkSource.orElse(checkByDefault)));
    }

    private List<UnicastPeer> usable(AddressFamily family) {
        List<UnicastPeer> usable = new ArrayList<>();
        for (Peer each : peers) {
            IpAddress address = each.peer().address();
            if (address.family() != family) {
                findings.invalid(
                        each.at(), "this peer is not of the family of the virtual addresses, it is ignored: remove it");
            } else if (address.equals(source) && peers.size() > 1) {
                findings.warn(each.at(), "this peer is the instance itself, it is left out: remove it");
            } else if (usable.stream().anyMatch(peer -> peer.address().equals(address))) {
                findings.warn(each.at(), "this peer is listed twice: remove one of them");
            } else {
                usable.add(each.peer());
            }
        }
        return usable;
    }

    private Optional<IpAddress> groupOf(AddressFamily family, Optional<IpAddress> defaultGroup) {
        IpAddress own = group;
        Token at = groupAt;
        if (own == null || at == null) {
            return defaultGroup;
        }
        if (own.family() != family || !own.isMulticast()) {
            findings.invalid(
                    at,
                    own + " is no multicast group of the family of the virtual addresses, it is ignored: correct it");
            return defaultGroup;
        }
        return Optional.of(own);
    }

    private void address(Token at, Consumer<IpAddress> setter) {
        Token value = arguments.one(at, "192.0.2.1");
        if (value != null) {
            parse(at, value.text()).ifPresent(setter);
        }
    }

    private Optional<IpAddress> parse(Token at, String text) {
        try {
            return Optional.of(IpAddress.parse(text));
        } catch (IllegalArgumentException e) {
            findings.error(at, "`" + text + "' is not an address: write one such as 192.0.2.1 or fe80::1");
            return Optional.empty();
        }
    }

    private void peerBlock(Token block) {
        unicastAt = block;
        for (List<Token> words : in.lines(block)) {
            Token at = words.get(0);
            parse(at, at.text()).ifPresent(address -> peer(at, address, words));
        }
    }

    private void peer(Token at, IpAddress address, List<Token> words) {
        OptionalInt min = OptionalInt.empty();
        OptionalInt max = OptionalInt.empty();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i).text();
            boolean known = word.equals("min_ttl") || word.equals("max_ttl");
            if (known && i + 1 < words.size()) {
                OptionalInt value = arguments.values().integer(words.get(i), words.get(++i), 0, MAX_TTL);
                min = word.equals("min_ttl") ? value : min;
                max = word.equals("max_ttl") ? value : max;
            } else {
                findings.invalid(
                        words.get(i), "behind a peer only `min_ttl NUMBER' and `max_ttl NUMBER' have an effect");
            }
        }
        try {
            peers.add(new Peer(at, new UnicastPeer(address, min, max)));
        } catch (IllegalArgumentException e) {
            findings.error(at, String.valueOf(e.getMessage()));
        }
    }
}
