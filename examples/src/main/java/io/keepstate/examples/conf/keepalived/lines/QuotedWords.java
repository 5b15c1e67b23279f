// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived.lines;

import java.util.ArrayList;
import java.util.List;

/**
 * keepalived's rule for lines that name a program: words end at blanks; single and double quotes hold blanks and may begin
 * in the middle of a word; a backslash escapes, inside quotes too.
 */
public final class QuotedWords {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private QuotedWords(String text) {
        this.text = text;
    }

    /**
     * Splits a text.
     *
     * @throws IllegalArgumentException saying which quote is not closed
     */
    public static List<String> split(String text) {
        return new QuotedWords(text).run();
    }

    private List<String> run() {
        char quote = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                inWord = true;
                escaped(text.charAt(at++));
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                inWord = true;
            } else if (quote != 0 && c == quote) {
                quote = 0;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                endOfWord();
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a string has no closing " + quote + ": add it, on the same line");
        }
        endOfWord();
        return words;
    }

    private void endOfWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private void escaped(char c) {
        switch (c) {
            case 'a' -> word.append('\u0007');
            case 'b' -> word.append('\b');
            case 'E' -> word.append('\u001b');
            case 'f' -> word.append('\f');
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            case 't' -> word.append('\t');
            case 'v' -> word.append('\u000b');
            case 'x' -> code(16, text.length(), c);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                at--;
                code(8, at + 3, c);
            }
            case 'c' -> {
                if (at < text.length()) {
                    word.append((char) (text.charAt(at++) & 0x1f));
                }
            }
            default -> word.append(c);
        }
    }

    /** The digits that follow, as one octet; the letter itself if there are none. */
    private void code(int radix, int limit, char letter) {
        int value = 0;
        int begin = at;
        while (at < Math.min(limit, text.length()) && Character.digit(text.charAt(at), radix) >= 0) {
            value = value * radix + Character.digit(text.charAt(at++), radix);
        }
        word.append(at == begin ? letter : (char) (value & 0xff));
    }
}
