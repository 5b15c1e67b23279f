// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks the tokens of a file block by block. Whatever the grammar does not allow is an error, as in conntrackd, at the
 * token that does not fit; unlike conntrackd the reading goes on behind it, so that every error of a file is told.
 */
final class Statements {
    /** Begins the message of every error of grammar. */
    static final String SYNTAX_ERROR = "syntax error: ";

    private final List<Token> tokens;
    private final Findings findings;
    private int at;

    Statements(List<Token> tokens, Findings findings) {
        this.tokens = tokens;
        this.findings = findings;
    }

    /** Reads the whole file with the table of the top level. */
    void file(Directives table) {
        directives(table, "the top level");
        while (peek().kind() != Token.Kind.END) {
            syntaxError("this brace closes nothing: remove it, or add the `{' it belongs to");
            next();
            directives(table, "the top level");
        }
    }

    /** Reads {@code { directive... }} after the name of a block. */
    void block(Token owner, Directives table) {
        if (open(owner)) {
            directives(table, "`" + owner.text() + "'");
            close(owner);
        }
    }

    /** Takes the next token if it is the given word. */
    boolean accept(String word) {
        if (isName(peek()) && peek().text().equals(word)) {
            next();
            return true;
        }
        return false;
    }

    /** The value of a directive, or null after reporting that there is another token in its place. */
    @Nullable
    Token take(Token directive, String example, Set<Token.Kind> kinds) {
        if (kinds.contains(peek().kind())) {
            return next();
        }
        syntaxError("`" + directive.text() + "' needs a value here: write `" + directive.text() + " " + example + "'"
                + otherMeaning(kinds));
        skip(directive);
        return null;
    }

    /** Reports that the next token is not what the grammar wants, and skips the rest of the directive. */
    void fail(Token directive, String wanted) {
        syntaxError(wanted);
        skip(directive);
    }

    /** Whether a block follows. */
    boolean atBlock() {
        return peek().kind() == Token.Kind.OPEN;
    }

    /** Whether the block ends here. */
    boolean atClose() {
        return peek().kind() == Token.Kind.CLOSE;
    }

    /** Reads {@code { name... }}: names and the given words of the grammar, over any number of lines. */
    List<Token> names(Token owner, String example, Set<String> keywords) {
        List<Token> names = new ArrayList<>();
        if (open(owner)) {
            while (peek().isWord() || keywords.contains(peek().text())) {
                names.add(next());
            }
            if (peek().kind() != Token.Kind.CLOSE) {
                syntaxError("only names may stand here: write `" + owner.text() + " " + example + "'"
                        + otherMeaning(Set.of(Token.Kind.WORD)));
                skipToClose();
            }
            close(owner);
        }
        return names;
    }

    private boolean open(Token owner) {
        if (!atBlock()) {
            syntaxError("an opening brace is missing: write `" + owner.text() + " ... { ... }'");
            skip(owner);
            return false;
        }
        next();
        return true;
    }

    private void close(Token owner) {
        if (peek().kind() == Token.Kind.CLOSE) {
            next();
        } else if (peek().kind() == Token.Kind.END) {
            unclosed(owner);
        } else {
            syntaxError("this cannot stand in `" + owner.text() + "': remove it");
            skipToClose();
            close(owner);
        }
    }

    private void directives(Directives table, String where) {
        while (peek().kind() != Token.Kind.CLOSE && peek().kind() != Token.Kind.END) {
            Token name = peek();
            Directives.Handler handler = isName(name) ? table.handler(name.text()) : null;
            if (handler == null) {
                syntaxError(unknown(name, where));
                if (!atBlock()) {
                    next();
                }
                skip(name);
            } else {
                next();
                handler.read(name);
            }
        }
    }

    private static String unknown(Token name, String where) {
        if (name.kind() == Token.Kind.OPEN) {
            return "a block without a name: write the name of the directive before `{'";
        }
        String message = "there is no such directive in " + where + ": ";
        return message + Keywords.hint(name.text()).orElse("remove it, or check how it is spelled");
    }

    /** What makes conntrackd take a name for something else. */
    private String otherMeaning(Set<Token.Kind> kinds) {
        if (!kinds.contains(Token.Kind.WORD)) {
            return "";
        }
        return switch (peek().kind()) {
            case ADDRESS -> " (one to four letters and digits of which all are hexadecimal are read as an address)";
            case KEYWORD, SWITCH -> " (`" + peek().text() + "' is a word of the grammar and cannot be a name)";
            case NUMBER -> " (a name begins with a letter)";
            default -> "";
        };
    }

    private void syntaxError(String message) {
        Token at = peek();
        if (at.kind() == Token.Kind.END) {
            // One missing brace leaves every outer block open too: the innermost says where to look.
            if (findings.list().stream()
                    .noneMatch(finding ->
                            finding.line() == at.line() && finding.directive().isEmpty())) {
                findings.error(at, SYNTAX_ERROR + "the file ends here: " + message);
            }
            return;
        }
        findings.error(at, SYNTAX_ERROR + message);
    }

    private void unclosed(Token owner) {
        syntaxError("the block `" + owner.text() + "' of line " + owner.line() + " is never closed, add `}'");
    }

    /** Drops what is left of a directive: the rest of its line, and a block that begins there. */
    void skip(Token directive) {
        while (!isBrace(peek()) && peek().row() == directive.row()) {
            next();
        }
        if (atBlock()) {
            next();
            skipToClose();
            if (peek().kind() == Token.Kind.CLOSE) {
                next();
            }
        }
    }

    /** Stops before the brace that closes the block we are in. */
    private void skipToClose() {
        int depth = 0;
        while (peek().kind() != Token.Kind.END && (depth > 0 || peek().kind() != Token.Kind.CLOSE)) {
            Token token = next();
            if (token.kind() == Token.Kind.OPEN) {
                depth++;
            } else if (token.kind() == Token.Kind.CLOSE) {
                depth--;
            }
        }
    }

    private static boolean isName(Token token) {
        return token.kind() == Token.Kind.WORD || token.kind() == Token.Kind.KEYWORD;
    }

    private static boolean isBrace(Token token) {
        return token.kind() == Token.Kind.OPEN || token.kind() == Token.Kind.CLOSE || token.kind() == Token.Kind.END;
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
