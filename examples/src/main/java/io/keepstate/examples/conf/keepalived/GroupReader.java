// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the {@code vrrp_sync_group} blocks. */
final class GroupReader {
    /** What one block collects. */
    private static final class Group {
        final Token block;
        final String name;
        final NotifyReader scripts;
        final TrackLines tracks;
        List<Token> members = List.of();
        boolean trackingWeight;

        Group(Token block, String name, NotifyReader scripts, TrackLines tracks) {
            this.block = block;
            this.name = name;
            this.scripts = scripts;
            this.tracks = tracks;
        }

        boolean has(String instance) {
            return members.stream().anyMatch(member -> member.text().equals(instance));
        }
    }

    private final BlockReader in;
    private final Arguments arguments;
    private final Findings findings;
    private final List<Group> groups = new ArrayList<>();

    GroupReader(BlockReader in, Arguments arguments, Findings findings) {
        this.in = in;
        this.arguments = arguments;
        this.findings = findings;
    }

    void read(Token block) {
        Group group =
                new Group(block, arguments.name(block), new NotifyReader(arguments), new TrackLines(in, findings));
        groups.add(group);
        Directives table = new Directives()
                .on("group", name -> {
                    if (!group.members.isEmpty()) {
                        findings.invalid(name, "a second list of members replaces the first: write one");
                    }
                    group.members = in.words(name);
                })
                .on("sync_group_tracking_weight", at -> arguments.bare(at, () -> group.trackingWeight = true))
                .on(
                        "global_tracking",
                        at -> arguments.bare(at, () -> {
                            findings.invalid(at, "is obsolete: write sync_group_tracking_weight");
                            group.trackingWeight = true;
                        }));
        group.scripts.addTo(table);
        group.tracks.addTo(table);
        in.block(block, Unsupported.addTo(table, Unsupported.Place.GROUP, in, findings));
    }

    /** Whether an instance is in a group that takes its members' weights away. */
    boolean takesWeights(String instance) {
        return groups.stream().anyMatch(group -> group.has(instance) && !group.trackingWeight);
    }

    /** What the group of an instance tracks for all its members. */
    List<TrackLines.Line> tracks(String instance) {
        return groups.stream()
                .filter(group -> group.has(instance))
                .flatMap(group -> group.tracks.lines().stream())
                .toList();
    }

    /** The groups; every member must be one of the instances and stand in one group only. */
    List<SyncGroupConfig> configs(Set<String> instances) {
        Map<String, String> groupOf = new HashMap<>();
        Set<String> names = new HashSet<>();
        List<SyncGroupConfig> configs = new ArrayList<>();
        for (Group group : groups) {
            if (!names.add(group.name)) {
                findings.error(
                        group.block,
                        "a second group has the name " + group.name + ": give each group a name of its own");
            }
            if (group.members.isEmpty()) {
                findings.error(
                        group.block,
                        "group " + group.name + " has no member: add `group { NAME ... }' with"
                                + " the names of its vrrp_instances");
            } else if (group.members.size() == 1) {
                findings.invalid(
                        group.block,
                        "group " + group.name + " has one member only, which changes nothing: add the others, or remove"
                                + " the group");
            }
            for (Token member : group.members) {
                check(group, member, instances, groupOf);
            }
            configs.add(new SyncGroupConfig(
                    group.name,
                    group.members.stream().map(Token::text).toList(),
                    group.scripts.config(),
                    group.scripts.priorityChanges().orElse(false),
                    group.block));
        }
        return configs;
    }

    private void check(Group group, Token member, Set<String> instances, Map<String, String> groupOf) {
        if (!instances.contains(member.text())) {
            findings.error(
                    member,
                    "group " + group.name + " names an instance that does not exist: add `vrrp_instance "
                            + member.text() + " { ... }' or remove the name");
        }
        String other = groupOf.putIfAbsent(member.text(), group.name);
        if (other != null) {
            findings.error(
                    member,
                    "this instance already is a member of group " + other
                            + ": an instance can be in one group only, remove it from one");
        }
    }
}
