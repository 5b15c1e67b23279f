// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the virtual addresses a node holds, learnt from the lines of {@code ip -o monitor address}. A node that holds
 * all of a group is active for it. Pure; one thread.
 */
final class VirtualAddresses {
    private static final Pattern LINE = Pattern.compile("(Deleted )?\\d+: \\S+\\s+inet6? ([0-9a-f.:]+)/\\d+ .*");

    private final Set<String> all;
    private final Set<String> held = new HashSet<>();

    VirtualAddresses(Set<String> all) {
        this.all = all;
    }

    /** Takes one line; lines that name no virtual address change nothing. */
    void accept(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches() || !all.contains(matcher.group(2))) {
            return;
        }
        if (matcher.group(1) == null) {
            held.add(matcher.group(2));
        } else {
            held.remove(matcher.group(2));
        }
    }

    boolean all() {
        return held.size() == all.size();
    }

    boolean all(AddressGroup group) {
        return held.containsAll(group.addresses());
    }
}
