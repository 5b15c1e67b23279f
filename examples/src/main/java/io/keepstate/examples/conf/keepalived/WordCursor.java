// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import java.util.List;

/**
 * The words of one line, in the style of ip(8): a keyword, then its value. What is wrong is thrown as an
 * {@link IllegalArgumentException} with a sentence, for the line as a whole to be reported once.
 */
final class WordCursor {
    private final List<Token> words;
    private final Findings findings;
    private final boolean quiet;
    private int at;

    WordCursor(List<Token> words, Findings findings) {
        this(words, findings, false);
    }

    private WordCursor(List<Token> words, Findings findings, boolean quiet) {
        this.words = words;
        this.findings = findings;
        this.quiet = quiet;
    }

    /** From the first word on, without reporting anything. */
    WordCursor copy() {
        return new WordCursor(words, findings, true);
    }

    boolean contains(String word) {
        return words.stream().anyMatch(token -> token.text().equals(word));
    }

    boolean hasIpv6Address() {
        return words.stream().anyMatch(token -> token.text().matches("[0-9a-fA-F]*:[0-9a-fA-F:.]*(/[0-9]+)?"));
    }

    boolean hasNext() {
        return at < words.size();
    }

    String next() {
        return words.get(at++).text();
    }

    /** The word taken last; the first one before any was. */
    Token last() {
        return words.get(Math.max(at - 1, 0));
    }

    boolean accept(String word) {
        if (hasNext() && words.get(at).text().equals(word)) {
            at++;
            return true;
        }
        return false;
    }

    String value() {
        if (!hasNext()) {
            throw new IllegalArgumentException("a value is missing behind `" + last().text() + "': add it");
        }
        return next();
    }

    long number(long min, long max) {
        String keyword = last().text();
        String value = value();
        if (value.matches("(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})")) {
            long number = value.startsWith("0x") ? Long.decode(value) : Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        }
        throw new IllegalArgumentException(
                "`" + keyword + " " + value + "' is not a whole number from " + min + " to " + max + ": write one");
    }

    long named(RouteNames names, RouteNames.Kind kind) {
        String value = value();
        return names.number(kind, value)
                .orElseThrow(() -> new IllegalArgumentException(
                        "`" + value + "' is no " + kind.word() + ": write " + kind.example()));
    }

    /** {@code [FROM/]TO}; the kernel keeps them in the upper and lower half of one number. */
    long realms(RouteNames names) {
        String[] parts = value().split("/", 2);
        long from = parts.length > 1 ? realm(names, parts[0]) : 0;
        return from << 16 | realm(names, parts[parts.length - 1]);
    }

    private static long realm(RouteNames names, String text) {
        return names.number(RouteNames.Kind.REALM, text)
                .orElseThrow(
                        () -> new IllegalArgumentException("`" + text + "' is no realm: write a number from 0 to 255"));
    }

    /** How many words are still to come. */
    int left() {
        return words.size() - at;
    }

    /** Warns of the word taken last, which keepalived knows, and drops as many behind it. */
    void unsupported(String why, int values) {
        if (!quiet) {
            findings.warn(last(), "is not supported and has no effect: " + why);
        }
        at = Math.min(at + values, words.size());
    }

    /** Reports the word taken last, and drops as many behind it. */
    void ignored(String why, int values) {
        if (!quiet) {
            findings.invalid(last(), why + " has no effect: remove it");
        }
        at = Math.min(at + values, words.size());
    }
}
