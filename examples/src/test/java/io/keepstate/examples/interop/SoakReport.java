// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import io.keepstate.examples.interop.SoakCase.Mode;
import io.keepstate.examples.interop.SoakCase.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What came of the troubles of all soaked pairs, by mode and role, as a table. Several pairs may add to it at once. */
final class SoakReport {
    private static final Path RESULT = Path.of("target/proof/soak.md");

    private record Row(SoakCase some, Trouble trouble, Soak.Outcome outcome) {
        boolean mustBecomeEqual() {
            return some.holes(trouble).isEmpty();
        }
    }

    private final List<Row> rows = new ArrayList<>();

    synchronized void add(SoakCase some, Trouble trouble, Soak.Outcome outcome) {
        rows.add(new Row(some, trouble, outcome));
    }

    synchronized void write() throws IOException {
        StringBuilder out = new StringBuilder("""
                ## Soak beside the installed conntrackd
                Each trouble of each pair that ended as it must. Where conntrackd stands by and the protocol has a hole, equal or not
                is both right: then a counter of conntrackd shows it, and a flush and a resync by hand mend it. Seconds from the last
                flow to equal caches.

                | mode | active | troubles that must end equal | median; longest | troubles with a hole | of them equal |
                |---|---|---|---|---|---|
                """);
        for (Mode mode : Mode.values()) {
            for (boolean weAreActive : new boolean[] {true, false}) {
                out.append(line(mode, weAreActive));
            }
        }
        Files.createDirectories(RESULT.getParent());
        Files.writeString(RESULT, out);
    }

    private String line(Mode mode, boolean weAreActive) {
        List<Row> of = rows.stream()
                .filter(row -> row.some.mode() == mode && row.some.weAreActive() == weAreActive)
                .toList();
        List<Long> millis = of.stream()
                .filter(Row::mustBecomeEqual)
                .map(row -> row.outcome.millis())
                .sorted()
                .toList();
        List<Row> holes = of.stream().filter(row -> !row.mustBecomeEqual()).toList();
        long equal = holes.stream().filter(row -> row.outcome.equal()).count();
        return "| %s | %s | %d | %s | %d | %d |%n"
                .formatted(mode, weAreActive ? "ours" : "C", millis.size(), times(millis), holes.size(), equal);
    }

    private static String times(List<Long> sorted) {
        return sorted.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%.2f; %.2f",
                        sorted.get(sorted.size() / 2) / 1000.0,
                        sorted.get(sorted.size() - 1) / 1000.0);
    }
}
