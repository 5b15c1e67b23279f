// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a conntrackd.conf into tokens by conntrackd's own rules, which know no context: the longest match wins, of equally
 * long ones the first of {@link Rule}. So {@code be0} is an address, {@code Path /x}} takes the brace in, and
 * {@code HashSize 8HashLimit 9} needs no blank. {@code #} begins a comment anywhere but inside a path; quotes mean
 * nothing.
 */
final class Lexer {
    private static final String GROUPS = "(?:[0-9a-fA-F]{1,4}+(?::(?!:))?+){0,16}+";
    private static final String LENGTH = "(?:/[0-9]++)?+";

    /** Possessive throughout: no text makes a match take more than linear time. */
    private enum Rule {
        NUMBER(Token.Kind.NUMBER, "[0-9]++"),
        SIGNED_NUMBER(Token.Kind.SIGNED_NUMBER, "[+-][0-9]++"),
        IPV4(Token.Kind.ADDRESS, "[0-9]++(?:\\.[0-9]++){3}+" + LENGTH),
        IPV6(Token.Kind.ADDRESS, GROUPS + "::" + GROUPS + ":?+" + LENGTH),
        GROUP(Token.Kind.ADDRESS, "[0-9a-fA-F]{1,4}+(?::[0-9a-fA-F]{1,4}+){0,16}+" + LENGTH),
        PATH(Token.Kind.PATH, "/[^\" \\n]*+"),
        WORD(Token.Kind.WORD, "[a-zA-Z][a-zA-Z0-9._-]*+");

        private final Token.Kind kind;
        private final Pattern pattern;

        Rule(Token.Kind kind, String pattern) {
            this.kind = kind;
            this.pattern = Pattern.compile(pattern);
        }
    }

    private static final Rule[] RULES = Rule.values();
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private final Matcher[] matchers = new Matcher[RULES.length];
    private int at;
    private int line = 1;

    private Lexer(String text) {
        this.text = text;
        for (int i = 0; i < RULES.length; i++) {
            matchers[i] = RULES[i].pattern.matcher(text);
        }
    }

    /** Cuts the text; the last token is always {@link Token.Kind#END}. */
    static List<Token> cut(String text) {
        Lexer lexer = new Lexer(text);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            at++;
        }
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '#') {
                skipToEndOfLine();
            } else if (c == '{' || c == '}') {
                add(c == '{' ? Token.Kind.OPEN : Token.Kind.CLOSE, at + 1);
            } else {
                longest();
            }
        }
        add(Token.Kind.END, at);
    }

    private void longest() {
        Token.Kind kind = Token.Kind.OTHER;
        int end = at;
        for (int i = 0; i < RULES.length; i++) {
            Matcher matcher = matchers[i].region(at, text.length());
            if (matcher.lookingAt() && matcher.end() > end) {
                end = matcher.end();
                kind = RULES[i].kind;
            }
        }
        if (kind == Token.Kind.PATH && text.charAt(end - 1) == '\r') {
            end--; // the file's way to end lines, not a part of the path
        }
        add(kind, kind == Token.Kind.OTHER ? text.offsetByCodePoints(at, 1) : end);
    }

    private void skipToEndOfLine() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
    }

    private void add(Token.Kind kind, int end) {
        String word = text.substring(at, end);
        tokens.add(new Token(kind == Token.Kind.WORD ? kindOfWord(word) : kind, word, line));
        at = end;
    }

    private static Token.Kind kindOfWord(String word) {
        if (Keywords.isSwitch(word)) {
            return Token.Kind.SWITCH;
        }
        return Keywords.isReserved(word) ? Token.Kind.KEYWORD : Token.Kind.WORD;
    }
}
