// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import io.keepstate.node.config.AddressPrefix;
import io.keepstate.node.config.FlowFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Reads the {@code Filter} block. As in conntrackd a test that stands there twice is one test: of all that is listed,
 * with the last Accept or Ignore.
 */
final class FilterReader {
    /** The kernel's numbers (enum tcp_conntrack); its LISTEN is the state of a simultaneous open. */
    private static final Map<String, Integer> TCP_STATES = Map.of(
            "SYN_SENT", 1,
            "SYN_RECV", 2,
            "ESTABLISHED", 3,
            "FIN_WAIT", 4,
            "CLOSE_WAIT", 5,
            "LAST_ACK", 6,
            "TIME_WAIT", 7,
            "CLOSE", 8,
            "CLOSED", 8,
            "LISTEN", 9);

    private final Statements in;
    private final Findings findings;
    private final Set<Integer> protocols = new TreeSet<>();
    private final List<AddressPrefix> prefixes = new ArrayList<>();
    private final Set<Integer> states = new TreeSet<>();
    private Optional<Boolean> acceptProtocols = Optional.empty();
    private Optional<Boolean> acceptAddresses = Optional.empty();
    private Optional<Boolean> acceptStates = Optional.empty();
    private boolean inKernel;

    FilterReader(Statements in, Findings findings) {
        this.in = in;
        this.findings = findings;
    }

    FlowFilter filter() {
        return new FlowFilter(
                acceptProtocols.map(accept -> new FlowFilter.Rule<>(accept, List.copyOf(protocols))),
                acceptAddresses.map(accept -> new FlowFilter.Rule<>(accept, prefixes)),
                acceptStates.map(accept -> new FlowFilter.Rule<>(accept, List.copyOf(states))));
    }

    /** Whether it says {@code From Kernelspace}. */
    boolean inKernel() {
        return inKernel;
    }

    void read(Token name) {
        if (in.accept("From")) {
            inKernel = in.accept("Kernelspace");
            if (!inKernel && !in.accept("Userspace")) {
                in.fail(
                        name,
                        "after `From' stands neither Userspace nor Kernelspace: write `Filter From Userspace"
                                + " { ... }'");
                return;
            }
        } else {
            inKernel = false;
        }
        in.block(
                name,
                new Directives()
                        .on("Protocol", this::protocol)
                        .on("Address", this::address)
                        .on("State", this::state));
    }

    private void protocol(Token name) {
        if (!verdict(name, acceptProtocols, value -> acceptProtocols = value)) {
            return;
        }
        for (Token word : in.names(name, "Accept { TCP UDP ICMP IPv6-ICMP }", Set.of("TCP", "UDP"))) {
            Integer number = ProtocolNames.number(word.text());
            if (number != null) {
                protocols.add(number);
                continue;
            }
            Integer meant = ProtocolNames.meant(word.text());
            if (meant == null) {
                findings.warn(
                        word,
                        "there is no protocol of this name, it is left out of the filter: use a name such as TCP,"
                                + " UDP, ICMP, IPv6-ICMP");
            } else {
                findings.warn(
                        word,
                        "is taken as protocol " + meant + "; conntrackd leaves it out, since /etc/protocols spells the"
                                + " name in another way");
                protocols.add(meant);
            }
        }
    }

    private void address(Token name) {
        if (verdict(name, acceptAddresses, value -> acceptAddresses = value)) {
            in.block(
                    name,
                    new Directives()
                            .on("IPv4_address", entry -> prefix(entry, Family.IPV4))
                            .on("IPv6_address", entry -> prefix(entry, Family.IPV6)));
        }
    }

    private void prefix(Token entry, Family family) {
        String example = family == Family.IPV6 ? "2001:db8::/64" : "192.0.2.0/24";
        Token value = in.take(entry, example, Set.of(Token.Kind.ADDRESS));
        if (value == null) {
            return;
        }
        String[] parts = value.text().split("/", 2);
        IpAddress address = Scalars.literal(parts[0]);
        int bits = family.addressOctets() * Byte.SIZE;
        int length = parts.length == 1 ? bits : length(parts[1]);
        if (address == null || address.family() != family) {
            findings.invalid(
                    entry,
                    "`" + value.text() + "' is no " + Scalars.familyName(family)
                            + " address and is left out of the filter: write one such as " + example);
        } else if (length > bits) {
            findings.invalid(
                    entry,
                    "`" + value.text() + "' has no valid length and is left out of the filter: write " + address
                            + "/0 to " + address + "/" + bits);
        } else {
            AddressPrefix prefix = new AddressPrefix(address, length);
            if (prefixes.contains(prefix)) {
                findings.warn(entry, prefix + " is listed twice: remove one");
            } else {
                prefixes.add(prefix);
            }
        }
    }

    private static int length(String digits) {
        return digits.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    private void state(Token name) {
        if (!verdict(name, acceptStates, value -> acceptStates = value)) {
            return;
        }
        Directives table = new Directives().on("for", at -> {
            if (!in.accept("TCP")) {
                in.fail(at, "only TCP has states to filter by: write `for TCP'");
            }
        });
        TCP_STATES.forEach((state, number) -> table.on(state, at -> {
            states.add(number);
            if (in.atClose()) {
                in.fail(at, "the protocol is missing: write `" + at.text() + " for TCP'");
            }
        }));
        in.block(name, table);
    }

    /** Takes Accept or Ignore. */
    private boolean verdict(Token name, Optional<Boolean> before, Consumer<Optional<Boolean>> setter) {
        boolean accept = in.accept("Accept");
        if (!accept && !in.accept("Ignore")) {
            in.fail(
                    name,
                    "neither Accept nor Ignore: write `" + name.text() + " Accept { ... }' or `" + name.text()
                            + " Ignore { ... }'");
            return false;
        }
        if (before.isPresent()) {
            findings.note(
                    name,
                    "stands here a second time: all that is listed counts, with this " + (accept ? "Accept" : "Ignore")
                            + "; write one block");
        }
        setter.accept(Optional.of(accept));
        return true;
    }
}
