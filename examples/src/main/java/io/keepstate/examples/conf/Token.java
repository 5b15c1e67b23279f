// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

/**
 * One token of a configuration file.
 *
 * @param kind word, brace or end of file
 * @param text the word, without quotes
 * @param file the file it stands in; empty for the only file
 * @param line the line it begins on, from 1
 * @param row which line of the text that is read it stands on: differs from {@code line} where one line of a file became
 *     several, or lines of several files became one text
 */
public record Token(Kind kind, String text, String file, int line, int row) {
    /** A token of the only file. */
    public Token(Kind kind, String text, int line) {
        this(kind, text, "", line, line);
    }

    /** What a token is; the grammar of conntrackd.conf tells words apart that are one kind in keepalived's. */
    public enum Kind {
        /** A word or a quoted string. */
        WORD,
        /** A word that the grammar keeps for itself. */
        KEYWORD,
        /** {@code on}, {@code off}, {@code yes} or {@code no}. */
        SWITCH,
        /** Digits. */
        NUMBER,
        /** Digits behind a sign. */
        SIGNED_NUMBER,
        /** What looks like an address of either family, with or without a length. */
        ADDRESS,
        /** A slash and what follows. */
        PATH,
        /** A character that begins nothing. */
        OTHER,
        /** An opening brace. */
        OPEN,
        /** A closing brace. */
        CLOSE,
        /** The end of the file. */
        END
    }

    /** Whether this is a word. */
    public boolean isWord() {
        return kind == Kind.WORD;
    }

    /** Another word in the place of this one. */
    public Token with(String other) {
        return new Token(kind, other, file, line, row);
    }
}
