// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.AnnouncementPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code garp_group} blocks: pauses between announcements, by interface. */
final class GarpGroups {
    private record Pauses(Optional<Duration> arp, Optional<Duration> neighbor) {}

    private final BlockReader in;
    private final Arguments arguments;
    private final Findings findings;
    private final Map<String, Pauses> byInterface = new HashMap<>();

    /** What one block collects. */
    private static final class Group {
        Optional<Duration> arp = Optional.empty();
        Optional<Duration> neighbor = Optional.empty();
        final List<Token> interfaces = new ArrayList<>();
    }

    GarpGroups(BlockReader in, Arguments arguments, Findings findings) {
        this.in = in;
        this.arguments = arguments;
        this.findings = findings;
    }

    void read(Token block) {
        Group group = new Group();
        in.block(
                block,
                new Directives()
                        .on("garp_interval", at -> arguments.micros(at, it -> group.arp = Optional.of(it)))
                        .on("gna_interval", at -> arguments.micros(at, it -> group.neighbor = Optional.of(it)))
                        .on("interface", at -> {
                            Token name = arguments.one(at, "eth0");
                            if (name != null) {
                                group.interfaces.add(name);
                            }
                        })
                        .on("interfaces", at -> group.interfaces.addAll(in.words(at))));
        if (group.arp.isEmpty() && group.neighbor.isEmpty()) {
            findings.invalid(block, "a group without an interval has no effect: add `garp_interval SECONDS'");
        } else if (group.interfaces.isEmpty()) {
            findings.warn(block, "a group without an interface has no effect: add `interface NAME'");
        }
        if (group.interfaces.size() > 1) {
            findings.warn(
                    block,
                    "each interface of the group keeps the pause on its own, not all of them together: make the pause as"
                            + " many times longer if the switch needs it");
        }
        for (Token name : group.interfaces) {
            if (byInterface.putIfAbsent(name.text(), new Pauses(group.arp, group.neighbor)) != null) {
                findings.invalid(name, "this interface is in a garp_group already: remove it from one");
            }
        }
    }

    /** The policy with the pauses of all groups: the addresses of an instance may be on any interface. */
    AnnouncementPolicy apply(AnnouncementPolicy policy) {
        Map<String, AnnouncementPolicy.Pause> pauses = new HashMap<>();
        byInterface.forEach((name, given) -> pauses.put(
                name,
                new AnnouncementPolicy.Pause(
                        given.arp().orElse(policy.arpInterval()),
                        given.neighbor().orElse(policy.neighborInterval()))));
        return policy.withPauses(pauses);
    }
}
