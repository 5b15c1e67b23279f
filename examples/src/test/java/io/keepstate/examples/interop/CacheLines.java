// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Lines of a cache, reduced to what both ends must agree on: without age and expiry, and without the reply tuple, which only
 * the node whose kernel has the flow can know.
 */
final class CacheLines {
    private static final Set<String> TUPLE_KEYS = Set.of("src", "dst", "sport", "dport", "type", "code", "id");
    private static final long POLL_MILLIS = 50;

    private CacheLines() {}

    /** The lines of a dump; twice the same line is a mistake of the one who prints it. */
    static Set<String> of(String dump) {
        List<String> lines = dump.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("["))
                .map(CacheLines::canonical)
                .toList();
        Set<String> set = new TreeSet<>(lines);
        assertThat(set).as("no line is there twice").hasSameSizeAs(lines);
        return set;
    }

    private static String canonical(String line) {
        String[] words = line.replaceAll("\\[(active since|expires in) \\d+s\\]", "")
                .trim()
                .split("\\s+");
        Set<String> seen = new HashSet<>();
        StringBuilder out = new StringBuilder();
        for (String word : words) {
            String key = word.substring(0, Math.max(0, word.indexOf('=')));
            if (!TUPLE_KEYS.contains(key) || seen.add(key)) {
                out.append(out.isEmpty() ? "" : " ").append(word);
            }
        }
        return out.toString();
    }

    /** Whether both become equal in time. */
    static <T> boolean becomeEqual(Duration within, Supplier<Set<T>> one, Supplier<Set<T>> other) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!one.get().equals(other.get())) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** Waits until both are equal and not empty; fails with the lines that only one has. */
    static <T> Set<T> awaitEqual(Duration within, String description, Supplier<Set<T>> one, Supplier<Set<T>> other) {
        if (!becomeEqual(within, one, other)) {
            Set<T> left = one.get();
            Set<T> right = other.get();
            assertThat(difference(left, right) + difference(right, left))
                    .as(description + ": only in the first, only in the second")
                    .isEmpty();
        }
        Set<T> agreed = one.get();
        assertThat(agreed).as(description).isNotEmpty();
        return agreed;
    }

    /** What only the first has, at most ten lines of it. */
    static String difference(Set<?> has, Set<?> hasNot) {
        List<String> only = has.stream()
                .filter(each -> !hasNot.contains(each))
                .map(String::valueOf)
                .toList();
        return only.isEmpty()
                ? ""
                : only.size() + " lines:\n" + only.stream().limit(10).collect(Collectors.joining("\n", "", "\n"));
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
