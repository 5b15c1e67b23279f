// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import java.util.ArrayList;
import java.util.List;

/**
 * A script line: the quoted string split into program and arguments.
 *
 * @param argv the program and its arguments, not empty
 * @param line the line of the file
 */
public record NotifyCommand(List<String> argv, int line) {
    /** Copies the words; refuses none. */
    public NotifyCommand {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a notify command needs a program");
        }
    }

    /** The program's file name without its directories. */
    public String programName() {
        String program = argv.get(0);
        return program.substring(program.lastIndexOf('/') + 1);
    }

    /**
     * Splits a command line at blanks. Single quotes and backslashes hold blanks, as in keepalived, where double quotes
     * already enclose the whole line.
     */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        boolean inQuotes = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && !inQuotes) {
                word.append(text.charAt(++i));
                inWord = true;
            } else if (c == '\'') {
                inQuotes = !inQuotes;
                inWord = true;
            } else if ((c == ' ' || c == '\t') && !inQuotes) {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
