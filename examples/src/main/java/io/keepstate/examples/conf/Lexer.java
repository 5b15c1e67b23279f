// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a conntrackd.conf into words and braces. {@code #} begins a comment; double quotes hold words together; a path runs
 * to the next blank, so that {@code Path /x}} takes the brace in.
 */
public final class Lexer {
    private final String text;
    private final Findings findings;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private Lexer(String text, Findings findings) {
        this.text = text;
        this.findings = findings;
    }

    /** Cuts the text; the last token is always {@link Token.Kind#END}. */
    public static List<Token> cut(String text, Findings findings) {
        Lexer lexer = new Lexer(text, findings);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (isBlank(c)) {
                at++;
            } else if (c == '#') {
                skipToEndOfLine();
            } else if (c == '{' || c == '}') {
                add(c == '{' ? Token.Kind.OPEN : Token.Kind.CLOSE, String.valueOf(c));
                at++;
            } else if (c == '"') {
                quoted();
            } else {
                word(c == '/');
            }
        }
        add(Token.Kind.END, "");
    }

    private void quoted() {
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\n') {
            end++;
        }
        boolean closed = end < text.length() && text.charAt(end) == '"';
        if (!closed) {
            findings.add(
                    Severity.ERROR,
                    line,
                    text.substring(at, end).strip(),
                    "this string has no closing quote: add \" at its end, on the same line");
        }
        add(Token.Kind.WORD, text.substring(at + 1, end));
        at = closed ? end + 1 : end;
    }

    private void word(boolean path) {
        int end = at;
        while (end < text.length() && !endsWord(text.charAt(end), path)) {
            end++;
        }
        add(Token.Kind.WORD, text.substring(at, end));
        at = end;
    }

    private boolean endsWord(char c, boolean path) {
        return c == '\n' || isBlank(c) || c == '"' || (!path && (c == '{' || c == '}' || c == '#'));
    }

    private void skipToEndOfLine() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == 0x0b;
    }

    private void add(Token.Kind kind, String word) {
        tokens.add(new Token(kind, word, line));
    }
}
