// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import io.keepstate.examples.demo.lab.Deviation;
import io.keepstate.examples.demo.lab.Layout;
import io.keepstate.examples.demo.lab.NodeKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the user asked for.
 *
 * @param cycles how many faults, from 1
 * @param json where the result goes, an absolute path
 * @param withoutSync whether state synchronisation stays off
 * @param classicNodes {@code none}, {@code fw1}, {@code fw2} or {@code both}: which nodes run keepalived and conntrackd
 * @param ownConntrackd whether these nodes run our conntrackd instead, under the installed keepalived
 * @param groups how many groups of addresses the firewalls share, 1 or 2
 * @param deviations what is different from the reference setup
 * @param verbose whether the nodes' logs are shown
 */
record DemoOptions(
        int cycles,
        Optional<String> json,
        boolean withoutSync,
        String classicNodes,
        boolean ownConntrackd,
        int groups,
        List<Deviation> deviations,
        boolean verbose) {
    DemoOptions {
        deviations = List.copyOf(deviations);
        classicNodes = classicNodes.toLowerCase(Locale.ROOT);
        if (cycles < 1) {
            throw new IllegalArgumentException("--cycles " + cycles + ": give 1 or more");
        }
        if (!classicNodes.matches("none|fw1|fw2|both")) {
            throw new IllegalArgumentException("--c-nodes " + classicNodes + ": give none, fw1, fw2 or both");
        }
        if (groups < 1 || groups > 2) {
            throw new IllegalArgumentException("--groups " + groups + ": give 1 or 2");
        }
    }

    Layout layout() {
        return groups == 1 ? Layout.ONE_GROUP : Layout.TWO_GROUPS;
    }

    NodeKind kindOf(String node) {
        if (!classicNodes.equals(node) && !classicNodes.equals("both")) {
            return NodeKind.KEEPSTATE;
        }
        return ownConntrackd ? NodeKind.SCRIPTED : NodeKind.CLASSIC;
    }

    /** The same options as positional words, for the JVM inside. */
    String[] toWords() {
        return new String[] {
            Integer.toString(cycles),
            json.orElse(""),
            Boolean.toString(withoutSync),
            classicNodes,
            Boolean.toString(ownConntrackd),
            Integer.toString(groups),
            deviations.stream().map(Deviation::toString).collect(Collectors.joining(",")),
            Boolean.toString(verbose)
        };
    }

    /** The reverse of {@link #toWords}. */
    static DemoOptions fromWords(String[] words) {
        return new DemoOptions(
                Integer.parseInt(words[0]),
                Optional.of(words[1]).filter(path -> !path.isEmpty()),
                Boolean.parseBoolean(words[2]),
                words[3],
                Boolean.parseBoolean(words[4]),
                Integer.parseInt(words[5]),
                deviations(words[6]),
                Boolean.parseBoolean(words[7]));
    }

    /**
     * The deviations of a list with commas.
     *
     * @throws IllegalArgumentException when there is no such deviation
     */
    static List<Deviation> deviations(String words) {
        return Stream.of(words.split(","))
                .filter(word -> !word.isEmpty())
                .map(Deviation::of)
                .toList();
    }
}
