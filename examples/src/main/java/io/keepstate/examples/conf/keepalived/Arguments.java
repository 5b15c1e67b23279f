// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.Values;
import io.keepstate.examples.conf.keepalived.lines.QuotedWords;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the values of a keepalived directive: they stand on its line, and nowhere else. */
final class Arguments {
    private static final double LONGEST_MICROS = 4_294.967295;
    private static final long NANOS_PER_MICRO = 1_000;

    private final BlockReader in;
    private final Findings findings;
    private final Values values;

    Arguments(BlockReader in, Findings findings) {
        this.in = in;
        this.findings = findings;
        this.values = new Values(findings);
    }

    Values values() {
        return values;
    }

    /** The words behind a directive. */
    List<Token> all(Token directive) {
        return in.restOfLine(directive);
    }

    /** The name of a block. */
    String name(Token block) {
        List<Token> words = in.restOfLine(block);
        if (words.isEmpty() || words.get(0).text().isEmpty()) {
            findings.error(block, "a name is missing: write `" + block.text() + " NAME { ... }'");
            return "";
        }
        tooMany(block, words);
        return words.get(0).text();
    }

    /** The one value of a directive, or null after reporting that it is missing. */
    @Nullable
    Token one(Token directive, String expected) {
        List<Token> words = in.restOfLine(directive);
        if (words.isEmpty()) {
            in.missing(directive, expected);
            return null;
        }
        tooMany(directive, words);
        return words.get(0);
    }

    void integer(Token directive, int min, int max, IntConsumer setter) {
        Token value = one(directive, "NUMBER");
        if (value != null) {
            values.integer(directive, value, min, max).ifPresent(setter);
        }
    }

    /** Seconds with decimals. */
    void seconds(Token directive, double min, double max, Consumer<Duration> setter) {
        Token value = one(directive, "SECONDS");
        if (value != null) {
            values.duration(directive, value, min, max).ifPresent(setter);
        }
    }

    /** Seconds in steps of a microsecond, up to what 32 bits of those hold. */
    void micros(Token directive, Consumer<Duration> setter) {
        seconds(directive, 0, LONGEST_MICROS, it -> {
            if (it.toNanos() % NANOS_PER_MICRO != 0) {
                findings.invalid(directive, "this is counted in microseconds, the rest is dropped: write six decimals");
            }
            setter.accept(Duration.ofNanos(it.toNanos() / NANOS_PER_MICRO * NANOS_PER_MICRO));
        });
    }

    /** Whole seconds. */
    void wholeSeconds(Token directive, int max, Consumer<Duration> setter) {
        integer(directive, 0, max, value -> setter.accept(Duration.ofSeconds(value)));
    }

    /** A directive that may stand alone. */
    void flag(Token directive, Consumer<Boolean> setter) {
        List<Token> words = in.restOfLine(directive);
        if (words.isEmpty()) {
            setter.accept(true);
        } else {
            tooMany(directive, words);
            values.onOff(directive, words.get(0)).ifPresent(setter);
        }
    }

    /** The same, where keepalived takes any other word for yes. */
    void looseFlag(Token directive, Consumer<Boolean> setter) {
        List<Token> words = in.restOfLine(directive);
        if (!words.isEmpty() && values.isOnOff(words.get(0))) {
            values.onOff(directive, words.get(0)).ifPresent(setter);
            return;
        }
        if (!words.isEmpty()) {
            findings.warn(directive, "`" + words.get(0).text() + "' is neither on nor off, on is used: remove it");
        }
        setter.accept(true);
    }

    /** A directive without values. */
    void bare(Token directive, Runnable setter) {
        List<Token> words = in.restOfLine(directive);
        if (!words.isEmpty()) {
            findings.warn(directive, "this directive takes no value: remove `" + text(words) + "'");
        }
        setter.run();
    }

    /** A script line that may lack the script. */
    Optional<NotifyCommand> optionalCommand(Token directive) {
        List<Token> words = in.restOfLine(directive);
        return words.isEmpty() ? Optional.empty() : command(directive, words);
    }

    /** A script line: one quoted string, then possibly a user and a group. */
    Optional<NotifyCommand> command(Token directive) {
        List<Token> words = in.restOfLine(directive);
        if (words.isEmpty()) {
            in.missing(directive, "\"/path/to/script argument\"");
            return Optional.empty();
        }
        return command(directive, words);
    }

    private Optional<NotifyCommand> command(Token directive, List<Token> words) {
        List<String> argv;
        try {
            argv = QuotedWords.split(words.get(0).text());
        } catch (IllegalArgumentException unclosed) {
            findings.error(directive, "in the script line " + unclosed.getMessage());
            return Optional.empty();
        }
        if (argv.isEmpty()) {
            findings.error(
                    directive,
                    "the script line is empty: write `" + directive.text() + " \"/path/to/script argument\"'");
            return Optional.empty();
        }
        return Optional.of(new NotifyCommand(argv, runAs(directive, words, 1), directive.file(), directive.line()));
    }

    /**
     * A user and a group among the words of a line, beginning with the given one. In keepalived 2.4 a colon before the
     * group asks for the user's further groups; here a script always has them.
     */
    Optional<RunAs> runAs(Token directive, List<Token> words, int from) {
        if (words.size() <= from) {
            return Optional.empty();
        }
        if (words.size() > from + 2) {
            findings.invalid(
                    directive,
                    "the words after the user and the group (" + text(words.subList(from + 2, words.size()))
                            + ") have no effect; if they are arguments of the script, put it and them into one pair of"
                            + " quotes");
        }
        Optional<String> group = words.stream()
                .skip(from + 1L)
                .findFirst()
                .map(word -> word.text().startsWith(":") ? word.text().substring(1) : word.text())
                .filter(name -> !name.isEmpty());
        return Optional.of(new RunAs(words.get(from).text(), group));
    }

    private void tooMany(Token directive, List<Token> words) {
        if (words.size() > 1) {
            findings.warn(
                    directive,
                    "the words after `" + words.get(0).text() + "' (" + text(words.subList(1, words.size()))
                            + ") have no effect: remove them");
        }
    }

    static String text(List<Token> words) {
        return words.stream().map(Token::text).collect(Collectors.joining(" "));
    }
}
