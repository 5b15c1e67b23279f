// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the virtual addresses a node holds, learnt from the lines of {@code ip -o monitor address}. A node that holds
 * all four is the active one. Pure; one thread.
 */
final class VirtualAddresses {
    private static final Set<String> ALL =
            Set.of("10.15.7.100", "172.16.0.100", "2001:db8:15:7::100", "2001:db8:16:10::100");
    private static final Pattern LINE = Pattern.compile("(Deleted )?\\d+: \\S+\\s+inet6? ([0-9a-f.:]+)/\\d+ .*");

    private final Set<String> held = new HashSet<>();

    /** Takes one line; lines that name no virtual address change nothing. */
    void accept(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches() || !ALL.contains(matcher.group(2))) {
            return;
        }
        if (matcher.group(1) == null) {
            held.add(matcher.group(2));
        } else {
            held.remove(matcher.group(2));
        }
    }

    boolean all() {
        return held.size() == ALL.size();
    }
}
