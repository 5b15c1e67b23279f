// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.StaticEntries;
import io.keepstate.vrrp.StaticEntries.Entry;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code static_ipaddress}, {@code static_routes}, {@code static_rules}, and the {@code track_group}s they name. */
final class StaticReader {
    private static final String TRACK_GROUP = "track_group";

    private final BlockReader in;
    private final Arguments arguments;
    private final Findings findings;
    private final RouteNames names;
    private final List<Line<AddressReader.Line>> addresses = new ArrayList<>();
    private final List<Line<VirtualRoute>> routes = new ArrayList<>();
    private final List<Line<VirtualRule>> rules = new ArrayList<>();
    /** The members of each group, in file order. */
    private final Map<String, List<Token>> groups = new LinkedHashMap<>();

    StaticReader(BlockReader in, Arguments arguments, Findings findings, RouteNames names) {
        this.in = in;
        this.arguments = arguments;
        this.findings = findings;
        this.names = names;
    }

    /** What a line says, and the word that names its group if there is one. */
    private record Line<T>(T what, Optional<Token> group) {}

    Directives addTo(Directives table) {
        return table.on("static_ipaddress", at -> lines(at, addresses, this::address))
                .on("static_routes", at -> lines(at, routes, words -> RouteReader.read(words, names, findings)))
                .on("static_rules", at -> lines(at, rules, words -> RuleReader.read(words, names, findings)))
                .on(TRACK_GROUP, this::group);
    }

    private Optional<AddressReader.Line> address(List<Token> words) {
        return AddressReader.read(words, names, findings);
    }

    /** Each line without the words that name its group, which the other readers refuse. */
    private <T> void lines(Token block, List<Line<T>> into, Function<List<Token>, Optional<T>> reader) {
        for (List<Token> all : in.lines(block)) {
            List<Token> words = new ArrayList<>(all);
            Optional<Token> group = Optional.empty();
            int at = words.stream().map(Token::text).toList().indexOf(TRACK_GROUP);
            if (at > 0) {
                Token word = words.remove(at);
                if (at < words.size()) {
                    group = Optional.of(words.remove(at));
                } else {
                    findings.error(word, "a value is missing: write `track_group NAME'");
                }
            }
            Optional<Token> named = group;
            reader.apply(words).ifPresent(what -> into.add(new Line<>(what, named)));
        }
    }

    private void group(Token block) {
        String name = arguments.name(block);
        if (name.isEmpty()) {
            in.skip(block);
            return;
        }
        List<Token> members = new ArrayList<>();
        in.block(block, new Directives().on("group", at -> members.addAll(in.words(at))));
        if (members.isEmpty()) {
            findings.invalid(block, "track group " + name + " has no members: add `group { NAME ... }'");
        }
        if (groups.putIfAbsent(name, members) != null) {
            findings.invalid(block, "a second track group " + name + ", it is ignored: give it another name");
        }
    }

    /**
     * The entries, on this interface unless they name one.
     *
     * @param defaultInterface {@code default_interface}
     */
    StaticEntries entries(String defaultInterface) {
        return new StaticEntries(
                addresses.stream()
                        .map(line -> new Entry<>(line.what().on(defaultInterface), known(line.group())))
                        .toList(),
                entries(routes),
                entries(rules));
    }

    private <T> List<Entry<T>> entries(List<Line<T>> lines) {
        return lines.stream()
                .map(line -> new Entry<>(line.what(), known(line.group())))
                .toList();
    }

    private Optional<String> known(Optional<Token> group) {
        return group.map(Token::text).filter(groups::containsKey);
    }

    /** Reports groups and members that do not exist. */
    void check(Set<String> instances) {
        groupWords()
                .filter(word -> !groups.containsKey(word.text()))
                .forEach(word -> findings.invalid(
                        word,
                        "no track group " + word.text() + " is defined, nobody tracks this entry: add `track_group "
                                + word.text() + " { group { NAME ... } }'"));
        groups.values()
                .forEach(members -> members.stream()
                        .filter(member -> !instances.contains(member.text()))
                        .forEach(member -> findings.invalid(
                                member,
                                "there is no instance of this name: add `vrrp_instance " + member.text()
                                        + " { ... }'")));
    }

    /** The words that name a group, whether there is one or not. */
    private Stream<Token> groupWords() {
        return Stream.<List<? extends Line<?>>>of(addresses, routes, rules)
                .<Line<?>>flatMap(List::stream)
                .flatMap(line -> line.group().stream());
    }

    /** What an instance tracks: the groups it is a member of that an entry names. */
    List<Track> tracks(String instance) {
        Set<String> used = groupWords().map(Token::text).collect(Collectors.toSet());
        return groups.entrySet().stream()
                .filter(group -> used.contains(group.getKey())
                        && group.getValue().stream()
                                .anyMatch(member -> member.text().equals(instance)))
                .map(group -> Track.required(StaticEntries.group(group.getKey())))
                .toList();
    }
}
