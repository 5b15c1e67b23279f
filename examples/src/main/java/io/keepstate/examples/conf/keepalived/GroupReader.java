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
    private record Group(Token block, String name, List<Token> members, NotifyReader scripts) {}

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
        List<Token> members = new ArrayList<>();
        NotifyReader notify = new NotifyReader(arguments);
        groups.add(new Group(block, arguments.name(block), members, notify));
        in.block(block, notify.addTo(new Directives().on("group", name -> members.addAll(in.words(name)))));
    }

    /** The groups; every member must be one of the instances and stand in one group only. */
    List<SyncGroupConfig> configs(List<String> instances) {
        Map<String, String> groupOf = new HashMap<>();
        Set<String> names = new HashSet<>();
        List<SyncGroupConfig> configs = new ArrayList<>();
        for (Group group : groups) {
            if (!names.add(group.name())) {
                findings.error(
                        group.block(),
                        "a second group has the name " + group.name() + ": give each group a name of its own");
            }
            if (group.members().isEmpty()) {
                findings.error(
                        group.block(),
                        "group " + group.name() + " has no member: add `group { NAME ... }' with"
                                + " the names of its vrrp_instances");
            }
            for (Token member : group.members()) {
                check(group, member, instances, groupOf);
            }
            List<String> members = group.members().stream().map(Token::text).toList();
            configs.add(new SyncGroupConfig(
                    group.name(),
                    members,
                    group.scripts().config(),
                    group.block().line()));
        }
        return configs;
    }

    private void check(Group group, Token member, List<String> instances, Map<String, String> groupOf) {
        if (!instances.contains(member.text())) {
            findings.error(
                    member,
                    "group " + group.name() + " names an instance that does not exist: add `vrrp_instance "
                            + member.text() + " { ... }' or remove the name");
        }
        String other = groupOf.putIfAbsent(member.text(), group.name());
        if (other != null) {
            findings.error(
                    member,
                    "this instance already is a member of group " + other
                            + ": an instance can be in one group only, remove it from one");
        }
    }
}
