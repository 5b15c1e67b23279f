// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the tokens of a file block by block. What a block's table does not know is reported by file, line and name,
 * and skipped together with its own block; it never ends the reading.
 */
public final class BlockReader {
    private final List<Token> tokens;
    private final Findings findings;
    private final Severity unknown;
    private int at;
    private Directives current = new Directives();
    private boolean reportedUnclosed;

    /** A reader over the tokens of one file. */
    public BlockReader(List<Token> tokens, Findings findings) {
        this(tokens, findings, Severity.WARNING);
    }

    /** A reader that reports unknown directives with the given severity. */
    public BlockReader(List<Token> tokens, Findings findings, Severity unknown) {
        this.tokens = tokens;
        this.findings = findings;
        this.unknown = unknown;
    }

    /** Reads the whole file with the table of the top level. */
    public void file(Directives table) {
        while (peek().kind() != Token.Kind.END) {
            directives(table);
            if (peek().kind() == Token.Kind.CLOSE) {
                findings.error(next(), "this closing brace closes nothing: remove it, or add the `{' it belongs to");
            }
        }
    }

    /** Reads {@code { directive... }} after the name of a block. */
    public void block(Token owner, Directives table) {
        if (open(owner)) {
            directives(table);
            close(owner);
        }
    }

    /** Reads {@code { word word ... }} over any number of lines. */
    public List<Token> words(Token owner) {
        List<Token> words = new ArrayList<>();
        lines(owner).forEach(words::addAll);
        return words;
    }

    /** Reads {@code { line... }}: the words of each line of the block. */
    public List<List<Token>> lines(Token owner) {
        List<List<Token>> lines = new ArrayList<>();
        if (open(owner)) {
            while (peek().isWord()) {
                List<Token> line = new ArrayList<>(List.of(next()));
                line.addAll(restOfLine(line.get(0)));
                lines.add(line);
                if (peek().kind() == Token.Kind.OPEN) {
                    findings.warn(line.get(0), "a block is not expected here and is ignored");
                    skipBlock(line.get(0));
                }
            }
            if (peek().kind() == Token.Kind.OPEN) {
                findings.error(peek(), "a block without a name: write the name of the directive before `{'");
                skipBlock(owner);
            }
            close(owner);
        }
        return lines;
    }

    /** The one value of a directive of the free-format grammar, or null after reporting that it is missing. */
    public @Nullable Token value(Token directive, String expected) {
        Token value = peek();
        boolean onNextLine = value.row() != directive.row();
        // The value may stand on the next line; a directive that stands there instead is not the value.
        if (!value.isWord() || (onNextLine && current.handler(value.text()) != null)) {
            missing(directive, expected);
            return null;
        }
        return next();
    }

    /** Takes the next word if it is the given one. */
    public boolean accept(String word) {
        if (peek().isWord() && peek().text().equals(word)) {
            next();
            return true;
        }
        return false;
    }

    /** The remaining words on the line of a directive, up to a brace. */
    public List<Token> restOfLine(Token directive) {
        List<Token> rest = new ArrayList<>();
        while (peek().isWord() && peek().row() == directive.row()) {
            rest.add(next());
        }
        return rest;
    }

    /** Whether a block follows. */
    public boolean atBlock() {
        return peek().kind() == Token.Kind.OPEN;
    }

    /** Drops what belongs to a directive: the rest of its line, and its block if it has one. */
    public void skip(Token directive) {
        restOfLine(directive);
        if (atBlock()) {
            skipBlock(directive);
        }
    }

    /** Reports a missing value. */
    public void missing(Token directive, String expected) {
        findings.error(directive, "a value is missing: write `" + directive.text() + " " + expected + "'");
    }

    private void directives(Directives table) {
        Directives outer = current;
        while (peek().isWord() || atBlock()) {
            current = table;
            if (atBlock()) {
                findings.error(peek(), "a block without a name: write the name of the directive before `{'");
                skipBlock(peek());
                continue;
            }
            Token name = next();
            Directives.Handler handler = table.handler(name.text());
            if (handler == null) {
                findings.add(
                        unknown, name, "this directive is not supported and has no effect: remove it to silence this");
                skip(name);
            } else {
                handler.read(name);
            }
        }
        current = outer;
    }

    private boolean open(Token owner) {
        if (!atBlock()) {
            findings.error(owner, "an opening brace is missing: write `" + owner.text() + " ... { ... }'");
            return false;
        }
        next();
        return true;
    }

    private void close(Token owner) {
        if (peek().kind() == Token.Kind.CLOSE) {
            next();
        } else {
            unclosed(owner);
        }
    }

    private void skipBlock(Token owner) {
        int depth = 0;
        do {
            Token token = next();
            if (token.kind() == Token.Kind.OPEN) {
                depth++;
            } else if (token.kind() == Token.Kind.CLOSE) {
                depth--;
            } else if (token.kind() == Token.Kind.END) {
                unclosed(owner);
                return;
            }
        } while (depth > 0);
    }

    private void unclosed(Token owner) {
        // One missing brace leaves every outer block open too: the innermost says where to look.
        if (!reportedUnclosed) {
            findings.error(owner, "the block that begins here is never closed: add the missing `}'");
            reportedUnclosed = true;
        }
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Token.Kind.END) {
            at++;
        }
        return token;
    }
}
