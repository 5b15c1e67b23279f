// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

/**
 * One token of a configuration file.
 *
 * @param kind word, brace or end of file
 * @param text the word, without quotes
 * @param line the line it begins on, from 1
 */
public record Token(Kind kind, String text, int line) {
    /** What a token is. */
    public enum Kind {
        /** A word or a quoted string. */
        WORD,
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
}
