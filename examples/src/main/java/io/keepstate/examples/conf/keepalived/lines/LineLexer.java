// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived.lines;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Cuts lines into words and braces. Double quotes hold words together; on the lines that name a program, single quotes and
 * backslashes do as well ({@link QuotedWords}).
 */
public final class LineLexer {
    /** Directives whose words are read with escapes. */
    private static final Set<String> PROGRAM_LINES = Set.of(
            "script",
            "process",
            "notify",
            "notify_master",
            "notify_backup",
            "notify_fault",
            "notify_stop",
            "notify_deleted",
            "notify_master_rx_lower_pri",
            "notify_fifo_script",
            "vrrp_notify_fifo_script",
            "startup_script",
            "shutdown_script");

    private final Findings findings;
    private final List<Token> tokens = new ArrayList<>();
    private Line line = new Line("", "", 0);
    private int row;

    private LineLexer(Findings findings) {
        this.findings = findings;
    }

    /** Cuts the lines; the last token is always {@link Token.Kind#END}. */
    public static List<Token> cut(List<Line> lines, Findings findings) {
        LineLexer lexer = new LineLexer(findings);
        for (Line each : lines) {
            lexer.line = each;
            lexer.row++;
            lexer.cutLine(each.text());
        }
        lexer.add(Token.Kind.END, "");
        return lexer.tokens;
    }

    private void cutLine(String text) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '{' || c == '}') {
                add(c == '{' ? Token.Kind.OPEN : Token.Kind.CLOSE, String.valueOf(c));
                at++;
            } else {
                int end = endOfSegment(text, at);
                segment(text.substring(at, end).strip());
                at = end;
            }
        }
    }

    /** Up to a brace that stands neither in quotes nor in {@code ${...}}. */
    private static int endOfSegment(String text, int begin) {
        boolean program = isProgramLine(text.substring(begin).strip());
        char quote = 0;
        for (int i = begin; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && program) {
                i++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || (program && c == '\'')) {
                quote = c;
            } else if (c == '$' && text.startsWith("${", i) && text.indexOf('}', i) > 0) {
                i = text.indexOf('}', i);
            } else if (c == '{' || c == '}') {
                return i;
            }
        }
        return text.length();
    }

    private static boolean isProgramLine(String text) {
        int end = 0;
        while (end < text.length() && !isBlank(text.charAt(end)) && text.charAt(end) != '"') {
            end++;
        }
        return PROGRAM_LINES.contains(text.substring(0, end));
    }

    private void segment(String text) {
        if (!isProgramLine(text)) {
            plainWords(text);
            return;
        }
        try {
            QuotedWords.split(text).forEach(word -> add(Token.Kind.WORD, word));
        } catch (IllegalArgumentException unclosed) {
            findings.error(
                    new Token(Token.Kind.WORD, text, line.file(), line.number(), row),
                    "in this line " + unclosed.getMessage());
        }
    }

    private void plainWords(String text) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isBlank(c)) {
                at++;
            } else if (c == '"') {
                int end = text.indexOf('"', at + 1);
                if (end < 0) {
                    findings.error(
                            new Token(Token.Kind.WORD, text.substring(at), line.file(), line.number(), row),
                            "this string has no closing quote: add \" at its end, on the same line");
                    end = text.length();
                }
                add(Token.Kind.WORD, text.substring(at + 1, end));
                at = end + 1;
            } else {
                int end = at;
                while (end < text.length() && !isBlank(text.charAt(end)) && text.charAt(end) != '"') {
                    end++;
                }
                add(Token.Kind.WORD, text.substring(at, end));
                at = end;
            }
        }
    }

    private void add(Token.Kind kind, String word) {
        tokens.add(new Token(kind, word, line.file(), line.number(), row));
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c);
    }
}
