// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.IpPrefix;
import io.keepstate.vrrp.VirtualRule;
import io.keepstate.vrrp.codec.AddressFamily;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads one line of {@code virtual_rules}: the words of ip-rule(8). */
final class RuleReader {
    private static final Map<String, Integer> IP_PROTOCOLS = Map.of(
            "icmp",
            1,
            "tcp",
            6,
            "udp",
            17,
            "gre",
            47,
            "esp",
            50,
            "ah",
            51,
            "ipv6-icmp",
            58,
            "sctp",
            132,
            "udplite",
            136);
    private static final int MOST_PORT = 65_535;
    private static final long MOST_NUMBER = 0xffff_ffffL;

    private final WordCursor words;
    private final RouteNames names;
    private final VirtualRule.Builder rule;
    private final AddressFamily family;

    private RuleReader(WordCursor words, RouteNames names) {
        this.words = words;
        this.names = names;
        this.family = words.contains("inet6") || words.hasIpv6Address() ? AddressFamily.IPV6 : AddressFamily.IPV4;
        this.rule = VirtualRule.builder(family);
    }

    /** Reads a line; empty after reporting an error. */
    static Optional<VirtualRule> read(List<Token> line, RouteNames names, Findings findings) {
        WordCursor words = new WordCursor(line, findings);
        try {
            RuleReader reader = new RuleReader(words, names);
            while (words.hasNext()) {
                reader.word(words.next());
            }
            VirtualRule rule = reader.rule.build();
            if (rule.priority().isEmpty()) {
                findings.invalid(
                        line.get(0),
                        "the rule `" + Arguments.text(line)
                                + "' has no preference, so its place among the rules depends"
                                + " on when it is added: add `preference NUMBER'");
            }
            return Optional.of(rule);
        } catch (IllegalArgumentException e) {
            findings.error(words.last(), "in the rule " + Arguments.text(line) + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private void word(String word) {
        switch (word) {
            case "not" -> rule.inverted(true);
            case "from" -> from();
            case "to" -> to();
            case "tos", "dsfield" -> rule.tos((int) words.named(names, RouteNames.Kind.TOS));
            case "fwmark" -> mark();
            case "iif", "dev" -> rule.incomingInterface(words.value());
            case "oif" -> rule.outgoingInterface(words.value());
            case "table", "lookup" -> rule.table(words.named(names, RouteNames.Kind.TABLE));
            case "goto" -> rule.jumpTo(words.number(0, MOST_NUMBER));
            case "preference", "priority", "order", "pref" -> rule.priority(words.number(0, MOST_NUMBER));
            case "suppress_prefixlength", "sup_pl" -> rule.suppressPrefixLength((int) words.number(0, 128));
            case "suppress_ifgroup", "sup_group" -> rule.suppressGroup(words.named(names, RouteNames.Kind.GROUP));
            case "tunnel-id", "tun_id" -> rule.tunnelId(words.number(0, MOST_NUMBER));
            case "realms" -> rule.realms(words.realms(names));
            case "l3mdev" -> rule.layer3Master(true);
            case "uidrange" -> rule.userIds(range(words.value(), MOST_NUMBER));
            case "ipproto", "ip_proto" -> rule.ipProtocol(protocol());
            case "sport" -> rule.sourcePorts(range(words.value(), MOST_PORT));
            case "dport" -> rule.destinationPorts(range(words.value(), MOST_PORT));
            case "proto", "protocol" -> rule.protocol((int) words.named(names, RouteNames.Kind.PROTOCOL));
            case "no_track" -> rule.tracked(false);
            case "inet", "inet6" -> {
                // the family was looked for before
            }
            case "track_group" -> words.ignored("it is for static rules, and", 1);
            default -> action(word);
        }
    }

    private void action(String word) {
        switch (word) {
            case "nop", "blackhole", "unreachable", "prohibit" ->
                rule.action(VirtualRule.Action.valueOf(word.toUpperCase(Locale.ROOT)));
            default -> words.ignored("a rule knows no such word, it", 0);
        }
    }

    private void from() {
        String value = words.value();
        if (!isAll(value)) {
            rule.from(IpPrefix.parse(value));
        }
    }

    private void to() {
        String value = words.value();
        if (!isAll(value)) {
            rule.to(IpPrefix.parse(value));
        }
    }

    private static boolean isAll(String value) {
        return value.equals("all") || value.equals("any") || value.equals("default");
    }

    private void mark() {
        String[] parts = words.value().split("/", 2);
        rule.firewallMark(number(parts[0]));
        if (parts.length > 1) {
            rule.firewallMask(number(parts[1]));
        }
    }

    private int protocol() {
        String value = words.value();
        Integer known = IP_PROTOCOLS.get(value.toLowerCase(Locale.ROOT));
        return known != null ? known : (int) Math.min(number(value), 255);
    }

    private static VirtualRule.Range range(String text, long most) {
        String[] parts = text.split("-", 2);
        long first = number(parts[0]);
        long last = parts.length > 1 ? number(parts[1]) : first;
        if (last > most) {
            throw new IllegalArgumentException("`" + text + "' is not a range up to " + most + ": write FIRST-LAST");
        }
        return new VirtualRule.Range(first, last);
    }

    private static long number(String text) {
        if (!text.matches("(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})")) {
            throw new IllegalArgumentException("`" + text + "' is not a number: write one");
        }
        return text.startsWith("0x") ? Long.decode(text) : Long.parseLong(text);
    }
}
