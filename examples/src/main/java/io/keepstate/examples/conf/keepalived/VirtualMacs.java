// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.VirtualMac;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.MacAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Names the interfaces of {@code use_vmac}, no two alike. */
final class VirtualMacs {
    private static final int LONGEST_NAME = 15;
    /** Asks the kernel to tell of the interface below; what is here looks for itself. */
    private static final String NOTIFY = "netlink_notify_msg";

    private final Findings findings;
    private final Set<String> taken = new HashSet<>();

    VirtualMacs(Findings findings) {
        this.findings = findings;
    }

    /** Keeps a name that another instance gives from being made up for one that gives none. */
    void reserve(List<Token> words) {
        Words.of(words).name().map(Token::text).ifPresent(taken::add);
    }

    /**
     * What stands behind {@code use_vmac}.
     *
     * @param name behind {@code name}, or the first word that means nothing else
     * @param address the first MAC
     * @param group behind {@code group}
     * @param others words that mean nothing
     */
    private record Words(Optional<Token> name, Optional<Token> address, Optional<Token> group, List<Token> others) {
        static Words of(List<Token> words) {
            Optional<Token> name = Optional.empty();
            Optional<Token> address = Optional.empty();
            Optional<Token> group = Optional.empty();
            List<Token> others = new ArrayList<>();
            for (int i = 0; i < words.size(); i++) {
                Token word = words.get(i);
                boolean hasValue = i + 1 < words.size();
                if (word.text().equals("name") && hasValue && name.isEmpty()) {
                    name = Optional.of(words.get(++i));
                } else if (word.text().equals("group") && hasValue) {
                    group = Optional.of(words.get(++i));
                } else if (isMac(word.text()) && address.isEmpty()) {
                    address = Optional.of(word);
                } else if (name.isEmpty() && !isMac(word.text()) && !word.text().equals(NOTIFY)) {
                    name = Optional.of(word);
                } else if (!word.text().equals(NOTIFY)) {
                    others.add(word);
                }
            }
            return new Words(name, address, group, others);
        }
    }

    Optional<VirtualMac> of(
            List<Token> line, Token at, int virtualRouterId, AddressFamily family, String prefix, boolean onBase) {
        Words words = Words.of(line);
        for (Token word : words.others()) {
            findings.invalid(at, "`" + word.text() + "' is neither the interface's name nor its MAC: remove it");
        }
        words.group()
                .ifPresent(group -> findings.warn(
                        at,
                        "the interface is in the link group of the one below it: `group " + group.text()
                                + "' is not supported and has no effect"));
        try {
            return Optional.of(new VirtualMac(
                    words.name().map(Token::text).orElseGet(() -> madeUp(prefix, virtualRouterId, family)),
                    words.address().map(word -> mac(word.text(), virtualRouterId)),
                    onBase));
        } catch (IllegalArgumentException e) {
            findings.error(at, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The name of an interface that is made for addresses on another interface, or of another family. */
    String forAddresses(Token at, int virtualRouterId, AddressFamily family, String prefix) {
        String name = madeUp(prefix, virtualRouterId, family);
        if (name.length() > LONGEST_NAME) {
            findings.error(
                    at,
                    "the interface of its virtual MAC would have the name " + name
                            + ", which is too long: shorten vmac_addr_prefix");
        }
        return name;
    }

    /** keepalived's names: vrrp.VRID, for a second family vrrp6.VRID or vrrp4.VRID, then with one more number. */
    private String madeUp(String prefix, int virtualRouterId, AddressFamily family) {
        String name = prefix + "." + virtualRouterId;
        if (!taken.add(name)) {
            name = prefix + (family == AddressFamily.IPV6 ? "6." : "4.") + virtualRouterId;
            for (int i = 1; !taken.add(name); i++) {
                name = prefix + "." + virtualRouterId + "." + i;
            }
        }
        return name;
    }

    /** Six octets, or five that the VRID completes. */
    private static boolean isMac(String text) {
        return text.toLowerCase(Locale.ROOT).matches("[0-9a-f]{1,2}(:[0-9a-f]{1,2}){4,5}");
    }

    private static MacAddress mac(String text, int virtualRouterId) {
        String[] parts = text.split(":", -1);
        long bits = 0;
        for (int i = 0; i < 6; i++) {
            bits = bits << 8 | (i < parts.length ? Integer.parseInt(parts[i], 16) : virtualRouterId);
        }
        return new MacAddress(bits);
    }
}
