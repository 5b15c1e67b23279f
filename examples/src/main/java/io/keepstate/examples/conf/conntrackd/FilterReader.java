// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.Values;
import io.keepstate.flow.Family;
import io.keepstate.node.config.AddressPrefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Filter} block. */
final class FilterReader {
    /** Names of IANA's protocol registry; the file gives names, never numbers. */
    private static final Map<String, Integer> PROTOCOLS = Map.ofEntries(
            Map.entry("ICMP", 1),
            Map.entry("IGMP", 2),
            Map.entry("IPENCAP", 4),
            Map.entry("TCP", 6),
            Map.entry("UDP", 17),
            Map.entry("DCCP", 33),
            Map.entry("IPV6", 41),
            Map.entry("RSVP", 46),
            Map.entry("GRE", 47),
            Map.entry("ESP", 50),
            Map.entry("AH", 51),
            Map.entry("IPV6-ICMP", 58),
            Map.entry("ICMPV6", 58),
            Map.entry("OSPF", 89),
            Map.entry("IPIP", 94),
            Map.entry("PIM", 103),
            Map.entry("VRRP", 112),
            Map.entry("L2TP", 115),
            Map.entry("SCTP", 132),
            Map.entry("UDPLITE", 136));

    private final BlockReader in;
    private final Findings findings;
    private FilterConfig config = FilterConfig.NONE;

    FilterReader(BlockReader in, Findings findings) {
        this.in = in;
        this.findings = findings;
    }

    FilterConfig config() {
        return config;
    }

    void read(Token name) {
        FilterConfig.Place place = FilterConfig.Place.USERSPACE;
        if (in.accept("From")) {
            if (in.accept("Kernelspace")) {
                place = FilterConfig.Place.KERNELSPACE;
                findings.warn(
                        name,
                        "the filter runs in user space, the same flows pass: write `From Userspace' to silence this");
            } else if (!in.accept("Userspace")) {
                findings.error(
                        name,
                        "after `From' stands neither Userspace nor Kernelspace: write `Filter From"
                                + " Userspace { ... }'");
                in.skip(name);
                return;
            }
        }
        config = new FilterConfig(place, config.protocols(), config.addresses());
        in.block(name, new Directives().on("Protocol", this::protocol).on("Address", this::address));
    }

    private void protocol(Token name) {
        FilterConfig.Verdict verdict = verdict(name);
        if (verdict == null) {
            return;
        }
        TreeSet<Integer> numbers = new TreeSet<>();
        for (Token word : in.words(name)) {
            Integer number = PROTOCOLS.get(word.text().toUpperCase(Locale.ROOT));
            if (number == null) {
                findings.warn(
                        word,
                        "this protocol name is not known and is left out of the filter: use a name such as"
                                + " TCP, UDP, ICMP, IPv6-ICMP");
            } else {
                numbers.add(number);
            }
        }
        config = new FilterConfig(
                config.place(),
                Optional.of(new FilterConfig.Protocols(verdict, Collections.unmodifiableSortedSet(numbers))),
                config.addresses());
    }

    private void address(Token name) {
        FilterConfig.Verdict verdict = verdict(name);
        if (verdict == null) {
            return;
        }
        List<AddressPrefix> prefixes = new ArrayList<>();
        in.block(
                name,
                new Directives()
                        .on("IPv4_address", entry -> prefix(entry, false, prefixes))
                        .on("IPv6_address", entry -> prefix(entry, true, prefixes)));
        config = new FilterConfig(
                config.place(), config.protocols(), Optional.of(new FilterConfig.Addresses(verdict, prefixes)));
    }

    private void prefix(Token entry, boolean ipv6, List<AddressPrefix> prefixes) {
        Token value = in.value(entry, ipv6 ? "2001:db8::1" : "192.0.2.1");
        if (value == null) {
            return;
        }
        Optional<AddressPrefix> prefix = new Values(findings).prefix(entry, value);
        if (prefix.isPresent() && (prefix.get().address().family() == Family.IPV6) != ipv6) {
            findings.error(
                    entry,
                    "`" + value.text() + "' is of the other family: write it after "
                            + (ipv6 ? "IPv4_address" : "IPv6_address"));
        } else {
            prefix.ifPresent(prefixes::add);
        }
    }

    private FilterConfig.@Nullable Verdict verdict(Token name) {
        if (in.accept("Accept")) {
            return FilterConfig.Verdict.ACCEPT;
        }
        if (in.accept("Ignore")) {
            return FilterConfig.Verdict.IGNORE;
        }
        findings.error(
                name,
                "neither Accept nor Ignore follows: write `" + name.text() + " Accept { ... }' or `" + name.text()
                        + " Ignore { ... }'");
        in.skip(name);
        return null;
    }
}
