// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.Values;
import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import io.keepstate.node.config.AddressPrefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one line of an address block, before the instance's interface is known. */
final class VirtualAddressReader {
    /** Names of /etc/iproute2/rt_scopes as the kernel defines them (linux/rtnetlink.h, rt_scope_t). */
    private static final Map<String, Integer> SCOPES =
            Map.of("global", 0, "universe", 0, "site", 200, "link", 253, "host", 254, "nowhere", 255);

    private final Findings findings;
    private final Values values;
    private final Token first;
    private final List<Token> words;
    private int at = 1;

    private @Nullable String device;
    private Optional<IpAddress> broadcast = Optional.empty();
    private int scope;
    private Optional<String> label = Optional.empty();
    private boolean duplicateAddressDetection;

    private VirtualAddressReader(List<Token> words, Findings findings) {
        this.words = words;
        this.first = words.get(0);
        this.findings = findings;
        this.values = new Values(findings);
    }

    /** What a line says; the device is empty when the instance's interface is meant. */
    record Line(Token at, VirtualAddress address, boolean deviceGiven) {
        VirtualAddress on(String interfaceName) {
            return deviceGiven
                    ? address
                    : new VirtualAddress(
                            address.address(),
                            address.prefixLength(),
                            interfaceName,
                            address.broadcast(),
                            address.scope(),
                            address.label(),
                            address.duplicateAddressDetection(),
                            address.line());
        }
    }

    /** Reads a line; empty after reporting an error. */
    static Optional<Line> read(List<Token> words, Findings findings) {
        return new VirtualAddressReader(words, findings).line();
    }

    private Optional<Line> line() {
        Optional<AddressPrefix> prefix = values.prefix(first, first);
        if (prefix.isEmpty()) {
            return Optional.empty();
        }
        while (at < words.size()) {
            option(words.get(at++), prefix.get());
        }
        IpAddress address = prefix.get().address();
        return Optional.of(new Line(
                first,
                new VirtualAddress(
                        address,
                        prefix.get().length(),
                        device == null ? "" : device,
                        broadcast,
                        scope,
                        label,
                        duplicateAddressDetection,
                        first.line()),
                device != null));
    }

    private void option(Token option, AddressPrefix prefix) {
        switch (option.text()) {
            case "dev" -> {
                Token value = value(option, "eth0");
                if (value != null) {
                    values.interfaceName(option, value).ifPresent(name -> device = name);
                }
            }
            case "brd", "broadcast" -> {
                unsupported(option);
                broadcast(option, prefix);
            }
            case "scope" -> {
                scope(option);
                if (scope != 0) {
                    unsupported(option);
                }
            }
            case "label" -> {
                unsupported(option);
                Token value = value(option, "eth0:1");
                if (value != null) {
                    label = Optional.of(value.text());
                }
            }
            case "-nodad" -> {
                unsupported(option);
                duplicateAddressDetection = true;
            }
            case "nodad" -> duplicateAddressDetection = false;
            case "peer", "preferred_lft", "track_group" -> {
                unsupported(option);
                at = Math.min(at + 1, words.size());
            }
            default -> unsupported(option);
        }
    }

    private void unsupported(Token option) {
        findings.warn(
                option,
                "this option of the address " + first.text()
                        + " is not supported and has no effect: remove it to silence this");
    }

    private void broadcast(Token option, AddressPrefix prefix) {
        Token value = value(option, "192.0.2.255");
        if (value == null) {
            return;
        }
        if (prefix.address().family() == Family.IPV6) {
            findings.warn(option, "an IPv6 address has no broadcast address: remove the option");
        } else if (value.text().equals("+") || value.text().equals("-")) {
            long hosts = (1L << (32 - prefix.length())) - 1;
            long base = prefix.address().low() & ~hosts;
            broadcast = Optional.of(new IpAddress(Family.IPV4, 0, value.text().equals("+") ? base | hosts : base));
        } else {
            broadcast = values.address(option, value, false);
        }
    }

    private void scope(Token option) {
        Token value = value(option, "global");
        if (value == null) {
            return;
        }
        Integer number = SCOPES.get(value.text());
        if (number != null) {
            scope = number;
        } else {
            values.integer(option, value, 0, 255).ifPresent(read -> scope = read);
        }
    }

    private @Nullable Token value(Token option, String example) {
        if (at < words.size()) {
            return words.get(at++);
        }
        findings.error(option, "a value is missing: write `" + option.text() + " " + example + "'");
        return null;
    }
}
