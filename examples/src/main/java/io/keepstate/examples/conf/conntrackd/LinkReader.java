// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.Values;
import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import io.keepstate.node.config.PeerLink;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one {@code UDP}, {@code TCP} or {@code Multicast} block. */
final class LinkReader {
    private static final int PORTS = 1 << 16;
    private static final int MOST_ERROR_CHUNKS = 65_536;

    private final Statements in;
    private final Scalars scalars;
    private final Findings findings;
    private final Token name;
    private final PeerLink.Transport transport;

    private final Map<Family, IpAddress> addresses = new EnumMap<>(Family.class);
    private final Map<Family, IpAddress> peers = new EnumMap<>(Family.class);
    private Optional<IpAddress> interfaceAddress = Optional.empty();
    /** Of the address that decides, which is the last one. */
    private @Nullable Family family;

    private @Nullable String interfaceName;
    private @Nullable Integer port;
    private int sendBuffer;
    private int receiveBuffer;
    private boolean checksum = true;
    private int errorQueueLength = PeerLink.DEFAULT_ERROR_QUEUE_LENGTH;

    LinkReader(Statements in, Scalars scalars, Findings findings, Token name, PeerLink.Transport transport) {
        this.in = in;
        this.scalars = scalars;
        this.findings = findings;
        this.name = name;
        this.transport = transport;
    }

    /** The link, or null after reporting what is wrong with it. */
    @Nullable
    PeerLink read() {
        boolean cleanBefore = !findings.hasErrors();
        in.block(name, transport == PeerLink.Transport.MULTICAST ? multicast() : unicast());
        if (cleanBefore && findings.hasErrors()) {
            return null; // a value that is wrong is not also missing
        }
        return complete();
    }

    private Directives common() {
        return new Directives()
                .on("IPv4_address", address(Family.IPV4))
                .on("IPv6_address", address(Family.IPV6))
                .on("Interface", this::interfaceName)
                .on("SndSocketBuffer", scalars.number(value -> sendBuffer = value))
                .on("RcvSocketBuffer", scalars.number(value -> receiveBuffer = value))
                .on("Checksum", scalars.onOff(value -> checksum = value));
    }

    private Directives multicast() {
        return common().on("Group", this::port)
                .on("IPv4_interface", scalars.address(Family.IPV4, value -> interfaceAddress = Optional.of(value)))
                .on("IPv6_interface", at -> {
                    in.take(at, "2001:db8::1", Set.of(Token.Kind.ADDRESS));
                    findings.warn(at, "has no effect, `Interface' says where the group is joined: remove it");
                });
    }

    private Directives unicast() {
        Directives table = common().on("Port", this::port)
                .on("IPv4_Destination_Address", peer(Family.IPV4))
                .on("IPv6_Destination_Address", peer(Family.IPV6));
        return transport == PeerLink.Transport.TCP
                ? table.on(
                        "ErrorQueueLength",
                        scalars.bounded(
                                1,
                                MOST_ERROR_CHUNKS,
                                value -> errorQueueLength = value == 0 ? PeerLink.DEFAULT_ERROR_QUEUE_LENGTH : value))
                : table;
    }

    private Directives.Handler address(Family of) {
        return scalars.address(of, value -> {
            addresses.put(of, value);
            if (transport == PeerLink.Transport.MULTICAST) {
                family = of;
            }
        });
    }

    private Directives.Handler peer(Family of) {
        return scalars.address(of, value -> {
            peers.put(of, value);
            family = of;
        });
    }

    private void interfaceName(Token at) {
        Token value = in.take(at, "eth2", Set.of(Token.Kind.WORD));
        if (value != null) {
            new Values(findings).interfaceName(at, value).ifPresent(valid -> interfaceName = valid);
        }
    }

    private void port(Token at) {
        scalars.number(value -> {
                    port = value % PORTS;
                    if (value >= PORTS) {
                        findings.warn(
                                at,
                                value + " is no port number, " + port + " is used, as conntrackd does: write 1"
                                        + " to 65535");
                    }
                })
                .read(at);
    }

    private @Nullable PeerLink complete() {
        String device = require(interfaceName, "Interface, the interface of the link, such as `Interface eth2'");
        String portName = transport == PeerLink.Transport.MULTICAST ? "Group" : "Port";
        Integer number = require(
                port == null || port == 0 ? null : port, portName + ", the same number on all nodes (usually 3780)");
        Family of = require(
                family,
                transport == PeerLink.Transport.MULTICAST
                        ? "IPv4_address or IPv6_address, the group, such as `IPv4_address 225.0.0.50'"
                        : "IPv4_Destination_Address or IPv6_Destination_Address, the address of the peer on the link");
        if (device == null || number == null || of == null) {
            return null;
        }
        try {
            return link(of, number, device);
        } catch (IllegalArgumentException e) {
            findings.error(name, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private PeerLink link(Family of, int number, String device) {
        Optional<String> on = Optional.of(device);
        if (transport == PeerLink.Transport.MULTICAST) {
            Optional<IpAddress> joined = of == Family.IPV4 ? interfaceAddress : Optional.empty();
            if (joined.isEmpty() && interfaceAddress.isPresent()) {
                findings.warn(name, "IPv4_interface has no effect on an IPv6 group: remove it");
            }
            if (addresses.size() > 1) {
                findings.warn(name, "there are two groups, the last one is used: write one block for each");
            }
            IpAddress group = addresses.getOrDefault(of, wildcard(of));
            return new PeerLink.Multicast(group, joined, number, on, sendBuffer, receiveBuffer, checksum);
        }
        IpAddress local = local(of);
        IpAddress peer = peers.getOrDefault(of, wildcard(of));
        return transport == PeerLink.Transport.TCP
                ? new PeerLink.Tcp(local, peer, number, on, sendBuffer, receiveBuffer, errorQueueLength)
                : new PeerLink.Udp(local, peer, number, on, sendBuffer, receiveBuffer, checksum);
    }

    /** Without an own address conntrackd takes messages on all it has; one of the other family is a mistake. */
    private IpAddress local(Family of) {
        IpAddress given = addresses.get(of);
        if (given != null) {
            return given;
        }
        if (!addresses.isEmpty()) {
            return addresses.values().iterator().next();
        }
        findings.note(
                name,
                "there is no " + Scalars.familyName(of) + "_address: messages are taken on every address of this node;"
                        + " name the one on the link");
        return wildcard(of);
    }

    private static IpAddress wildcard(Family of) {
        return IpAddress.parse(of == Family.IPV6 ? "::" : "0.0.0.0");
    }

    private <T> @Nullable T require(@Nullable T value, String what) {
        if (value == null) {
            findings.error(name, "this block lacks " + what + ": add it");
        }
        return value;
    }
}
