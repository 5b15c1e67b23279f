// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.VirtualMac;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.MacAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Names the interfaces of {@code use_vmac}, no two alike. */
final class VirtualMacs {
    private static final int LONGEST_NAME = 15;

    private final Findings findings;
    private final Set<String> taken = new HashSet<>();

    VirtualMacs(Findings findings) {
        this.findings = findings;
    }

    /** Keeps a name that another instance gives from being made up for one that gives none. */
    void reserve(List<Token> words) {
        words.stream().map(Token::text).filter(word -> !isMac(word)).forEach(taken::add);
    }

    Optional<VirtualMac> of(
            List<Token> words, Token at, int virtualRouterId, AddressFamily family, String prefix, boolean onBase) {
        Optional<String> name = Optional.empty();
        Optional<MacAddress> address = Optional.empty();
        for (Token word : words) {
            if (isMac(word.text())) {
                address = Optional.of(mac(word.text(), virtualRouterId));
            } else if (name.isEmpty()) {
                name = Optional.of(word.text());
            } else {
                findings.invalid(at, "`" + word.text() + "' is neither the interface's name nor its MAC: remove it");
            }
        }
        try {
            return Optional.of(
                    new VirtualMac(name.orElseGet(() -> madeUp(prefix, virtualRouterId, family)), address, onBase));
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
