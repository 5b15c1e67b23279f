// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.Values;
import io.keepstate.vrrp.AddressOptions;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Reads one line of an address block, before the instance's interface is known. */
final class AddressReader {
    private final Findings findings;
    private final Values values;
    private final RouteNames names;
    private final Token first;
    private final List<Token> words;
    private final AddressOptions.Builder options = AddressOptions.builder();
    private int at = 1;
    private String device = "";
    private boolean useVirtualMac;
    private boolean broken;

    private AddressReader(List<Token> words, RouteNames names, Findings findings) {
        this.words = words;
        this.names = names;
        this.first = words.get(0);
        this.findings = findings;
        this.values = new Values(findings);
    }

    /**
     * What a line says.
     *
     * @param at the address itself
     * @param device the interface named by {@code dev}, or empty for the instance's
     * @param useVirtualMac {@code use_vmac}
     */
    record Line(
            Token at,
            IpAddress address,
            int prefixLength,
            String device,
            AddressOptions options,
            boolean useVirtualMac) {
        boolean isIpv6() {
            return address.family() == AddressFamily.IPV6;
        }

        VirtualAddress on(String interfaceName) {
            return new VirtualAddress(address, prefixLength, device.isEmpty() ? interfaceName : device, options);
        }

        /** On an interface with a virtual MAC on top of that one. */
        VirtualAddress on(String interfaceName, String virtualMac) {
            VirtualAddress plain = on(interfaceName);
            return plain.withOptions(options.onVirtualMac(virtualMac));
        }
    }

    /** Reads a line; empty after reporting an error. */
    static Optional<Line> read(List<Token> words, RouteNames names, Findings findings) {
        return new AddressReader(words, names, findings).line();
    }

    private Optional<Line> line() {
        Optional<VirtualAddress> prefix = prefix(first.text());
        if (prefix.isEmpty()) {
            return Optional.empty();
        }
        IpAddress address = prefix.get().address();
        int length = prefix.get().prefixLength();
        while (at < words.size()) {
            option(words.get(at++), address, length);
        }
        if (broken) {
            return Optional.empty();
        }
        try {
            AddressOptions built = options.build();
            Line line = new Line(first, address, length, device, built, useVirtualMac);
            line.on(device.isEmpty() ? "lo" : device); // a combination that cannot work is refused here, with its line
            return Optional.of(line);
        } catch (IllegalArgumentException e) {
            findings.error(first, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<VirtualAddress> prefix(String text) {
        try {
            return Optional.of(VirtualAddress.parse(text, "lo"));
        } catch (IllegalArgumentException e) {
            String address = text.substring(0, Math.max(0, text.indexOf('/')));
            findings.error(
                    first,
                    values.isAddress(address)
                            ? "`" + text + "' has no valid prefix length: write " + address + "/0 to /"
                                    + (address.indexOf(':') < 0 ? 32 : 128)
                            : "`" + text
                                    + "' is not an IPv4 or IPv6 address: write one such as 192.0.2.1 or 2001:db8::1");
            return Optional.empty();
        }
    }

    private void option(Token option, IpAddress address, int prefixLength) {
        switch (option.text()) {
            case "dev" -> {
                Token value = value(option, "eth0");
                if (value != null) {
                    values.interfaceName(option, value).ifPresentOrElse(name -> device = name, () -> broken = true);
                }
            }
            case "brd", "broadcast" -> broadcast(option, address, prefixLength);
            case "scope" -> number(option, "global", RouteNames.Kind.SCOPE, value -> options.scope((int) value));
            case "label" -> {
                Token value = value(option, "eth0:1");
                if (value != null) {
                    options.label(value.text());
                }
            }
            case "peer" -> peer(option);
            case "preferred_lft" -> preferredLifetime(option);
            case "-nodad" -> forIpv6(option, address, () -> options.duplicateDetection(true));
            case "nodad" -> options.duplicateDetection(false);
            case "home" -> forIpv6(option, address, () -> options.home(true));
            case "mngtmpaddr" -> forIpv6(option, address, () -> options.manageTemporary(true));
            case "noprefixroute" -> options.noPrefixRoute(true);
            case "autojoin" -> options.autoJoin(true);
            case "no_track" -> options.tracked(false);
            case "use_vmac" -> useVirtualMac = true;
            case "track_group" -> {
                findings.invalid(option, "this option is for static addresses only: remove it");
                at = Math.min(at + 1, words.size());
            }
            default ->
                findings.invalid(
                        option, "the address " + first.text() + " knows no such option, it has no effect: remove it");
        }
    }

    private void forIpv6(Token option, IpAddress address, Runnable setter) {
        if (address.family() == AddressFamily.IPV6) {
            setter.run();
        } else {
            findings.warn(option, "this is for IPv6 addresses and has no effect: remove it");
        }
    }

    private void broadcast(Token option, IpAddress address, int prefixLength) {
        Token value = value(option, "192.0.2.255");
        if (value == null) {
            return;
        }
        if (address.family() == AddressFamily.IPV6) {
            findings.warn(option, "an IPv6 address has no broadcast address: remove the option");
        } else if (value.text().equals("+") || value.text().equals("-")) {
            options.broadcast(VirtualAddress.broadcastAddress(
                    address, prefixLength, value.text().equals("+")));
        } else {
            vrrpAddress(option, value.text()).ifPresent(options::broadcast);
        }
    }

    /** A length behind the peer is keepalived's prefix of the pair; that of the address itself is what counts here. */
    private void peer(Token option) {
        Token value = value(option, "192.0.2.2");
        if (value != null) {
            int slash = value.text().indexOf('/');
            vrrpAddress(option, slash < 0 ? value.text() : value.text().substring(0, slash))
                    .ifPresent(options::peer);
        }
    }

    private void preferredLifetime(Token option) {
        Token value = value(option, "forever");
        if (value == null) {
            return;
        }
        if (value.text().equals("forever")) {
            options.preferredSeconds(0xffff_ffffL);
        } else {
            values.number(option, value, 0, 0xffff_fffeL)
                    .ifPresentOrElse(options::preferredSeconds, () -> broken = true);
        }
    }

    private void number(Token option, String example, RouteNames.Kind kind, LongConsumer setter) {
        Token value = value(option, example);
        if (value != null) {
            names.number(kind, value.text()).ifPresentOrElse(setter, () -> {
                broken = true;
                findings.error(option, "`" + value.text() + "' is no " + kind.word() + ": write " + kind.example());
            });
        }
    }

    private Optional<IpAddress> vrrpAddress(Token option, String text) {
        try {
            return Optional.of(IpAddress.parse(text));
        } catch (IllegalArgumentException e) {
            broken = true;
            findings.error(option, "`" + text + "' is not an address: write one such as 192.0.2.1");
            return Optional.empty();
        }
    }

    private @Nullable Token value(Token option, String example) {
        if (at < words.size()) {
            return words.get(at++);
        }
        broken = true;
        findings.error(option, "a value is missing: write `" + option.text() + " " + example + "'");
        return null;
    }
}
