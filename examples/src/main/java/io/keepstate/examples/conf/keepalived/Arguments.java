// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.Values;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the values of a keepalived directive: they stand on its line, and nowhere else. */
final class Arguments {
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

    /** The name of a block. */
    String name(Token block) {
        List<Token> words = in.restOfLine(block);
        if (words.isEmpty()) {
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

    void millis(Token directive, double min, double max, LongConsumer setter) {
        Token value = one(directive, "SECONDS");
        if (value != null) {
            values.seconds(directive, value, min, max).ifPresent(setter);
        }
    }

    /** A directive that may stand alone. */
    void flag(Token directive, Consumer<Boolean> setter) {
        List<Token> words = in.restOfLine(directive);
        if (words.isEmpty()) {
            setter.accept(true);
        } else {
            values.onOff(directive, words.get(0)).ifPresent(setter);
        }
    }

    /** A script line: one quoted string, or words; a user and group after a quoted string are not supported. */
    Optional<NotifyCommand> command(Token directive) {
        List<Token> words = in.restOfLine(directive);
        if (words.isEmpty()) {
            in.missing(directive, "\"/path/to/script argument\"");
            return Optional.empty();
        }
        List<String> argv = NotifyCommand.split(words.get(0).text());
        if (argv.isEmpty()) {
            findings.error(
                    directive,
                    "the script line is empty: write `" + directive.text() + " \"/path/to/script argument\"'");
            return Optional.empty();
        }
        if (words.size() > 1) {
            findings.warn(
                    directive,
                    "the words after the script (" + text(words.subList(1, words.size()))
                            + ") would be a user and a group, which is not supported: the script runs as the daemon's user;"
                            + " if they are arguments, put them and the script into one pair of quotes");
        }
        return Optional.of(new NotifyCommand(argv, directive.line()));
    }

    private void tooMany(Token directive, List<Token> words) {
        if (words.size() > 1) {
            findings.warn(
                    directive,
                    "the words after `" + words.get(0).text() + "' (" + text(words.subList(1, words.size()))
                            + ") have no effect: remove them");
        }
    }

    private static String text(List<Token> words) {
        return words.stream().map(Token::text).collect(Collectors.joining(" "));
    }
}
