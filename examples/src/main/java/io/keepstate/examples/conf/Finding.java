// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import java.util.Locale;

/**
 * One remark of a configuration reader.
 *
 * @param severity whether the file can still be used
 * @param file the file as the operator named it
 * @param line the line, from 1; 0 when the remark is about the file as a whole
 * @param directive the directive the remark is about, empty for the file as a whole
 * @param message one sentence: what is wrong, and how to fix it
 */
public record Finding(Severity severity, String file, int line, String directive, String message) {
    /** The remark where nothing else tells how bad it is: {@code file:line: severity: directive: message}. */
    @Override
    public String toString() {
        return text(severity.name().toLowerCase(Locale.ROOT) + ": ");
    }

    /** The remark for a log, whose lines have a severity of their own: {@code file:line: directive: message}. */
    public String forLog() {
        return text("");
    }

    private String text(String severityText) {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line);
        }
        text.append(": ").append(severityText);
        if (!directive.isEmpty()) {
            text.append(directive).append(": ");
        }
        return text.append(message).toString();
    }
}
