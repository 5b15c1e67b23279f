// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.Values;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.Tracked;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the {@code track_*} blocks of an instance or a group: what is tracked, not yet what it is. */
final class TrackLines {
    /**
     * A weight and its sense, as behind {@code weight}.
     *
     * @param value what is added to the priority
     * @param reverse whether it is subtracted instead
     */
    record Weight(int value, boolean reverse) {
        static final Weight NONE = new Weight(0, false);
    }

    /**
     * One line.
     *
     * @param at the name of the thing
     * @param kind what it is
     * @param weight as given; the definition's own without one
     */
    record Line(Token at, Tracked.Kind kind, Optional<Weight> weight) {}

    private final BlockReader in;
    private final Findings findings;
    private final List<Line> lines = new ArrayList<>();

    TrackLines(BlockReader in, Findings findings) {
        this.in = in;
        this.findings = findings;
    }

    Directives addTo(Directives table) {
        return table.on("track_interface", at -> block(at, Tracked.Kind.INTERFACE))
                .on("track_script", at -> block(at, Tracked.Kind.SCRIPT))
                .on("track_file", at -> block(at, Tracked.Kind.FILE))
                .on("track_process", at -> block(at, Tracked.Kind.PROCESS));
    }

    List<Line> lines() {
        return lines;
    }

    private void block(Token block, Tracked.Kind kind) {
        for (List<Token> words : in.lines(block)) {
            Token name = words.get(0);
            if (name.text().isEmpty()) {
                findings.invalid(
                        name.with(block.text()), "a line without a name tracks nothing: write the name, or remove it");
                continue;
            }
            Optional<Weight> weight = weight(name, words, kind);
            lines.add(new Line(name, kind, weight));
        }
    }

    private Optional<Weight> weight(Token name, List<Token> words, Tracked.Kind kind) {
        Optional<Weight> weight = Optional.empty();
        for (int i = 1; i < words.size(); i++) {
            Token word = words.get(i);
            switch (word.text()) {
                case "weight" -> {
                    if (i + 1 < words.size()) {
                        weight = weight(word, words.get(++i), Track.maxWeight(kind))
                                .map(value -> new Weight(value, false));
                    } else {
                        findings.error(word, "a value is missing: write `weight NUMBER'");
                    }
                }
                case "reverse" ->
                    weight = Optional.of(new Weight(weight.map(Weight::value).orElse(0), true));
                case "noreverse", "no_reverse" -> weight = weight.map(it -> new Weight(it.value(), false));
                default ->
                    findings.invalid(
                            word,
                            "this word behind " + name.text() + " has no effect: write `weight NUMBER [reverse]'");
            }
        }
        return weight;
    }

    /**
     * keepalived ignores a weight out of range, and so do we: the thing counts as without one. But 254, which it once
     * took for a fault, it still takes for the largest one.
     */
    private Optional<Integer> weight(Token directive, Token value, int most) {
        if (value.text().matches("[+-]?[0-9]{1,3}")) {
            int number = Integer.parseInt(value.text());
            if (number >= -most && number <= most) {
                return Optional.of(number);
            }
            if (Math.abs(number) == most + 1) {
                int largest = Integer.signum(number) * most;
                findings.invalid(
                        directive, "a weight of " + number + " is too much, " + largest + " is used: write that");
                return Optional.of(largest);
            }
        }
        findings.invalid(
                directive,
                "`" + value.text() + "' is not a whole number from -" + most + " to " + most
                        + ", it is ignored: write one");
        return Optional.empty();
    }

    /** A {@code weight} directive of a definition. */
    static Optional<Weight> ofDefinition(
            Token directive, List<Token> words, int most, Findings findings, Values values) {
        if (words.isEmpty()) {
            findings.error(directive, "a value is missing: write `weight NUMBER'");
            return Optional.empty();
        }
        boolean reverse = words.size() > 1 && words.get(1).text().equals("reverse");
        if (words.size() > (reverse ? 2 : 1)) {
            findings.invalid(directive, "only `reverse' may stand behind the weight: remove the other words");
        }
        return values.integer(directive, words.get(0), -most, most).stream()
                .mapToObj(value -> new Weight(value, reverse))
                .findFirst();
    }
}
