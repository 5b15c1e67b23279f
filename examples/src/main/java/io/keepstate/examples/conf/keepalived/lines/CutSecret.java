// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived.lines;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for a comment that begins in the middle of a secret. It is hardly meant as one, and what is left is a password or a
 * key too, only not that of the peer.
 */
final class CutSecret {
    private static final Pattern SECRET = Pattern.compile("(?:^|[\\s{])(auth_pass|key(?=\\s+[0-9]))(?=\\s|$)(.*)");
    /** What stands behind the name as long as the secret itself has not begun: nothing, or the number of a key. */
    private static final Pattern NOT_BEGUN = Pattern.compile("\\s*|\\s+[0-9]+\\s*");

    private CutSecret() {}

    /**
     * The directive whose secret is cut off.
     *
     * @param raw the line as it stands in the file
     * @param cut where its comment begins
     * @param text the line without comment, behind those it continues
     */
    static Optional<String> find(String raw, int cut, String text) {
        Matcher secret = SECRET.matcher(text);
        if (!secret.find()) {
            return Optional.empty();
        }
        boolean notBegun = secret.group(1).equals("key")
                ? NOT_BEGUN.matcher(secret.group(2)).matches()
                : secret.group(2).isBlank();
        return notBegun || isGlued(raw, cut) ? Optional.of(secret.group(1)) : Optional.empty();
    }

    /** Whether a comment begins in the middle of a word. */
    static boolean isGlued(String raw, int cut) {
        return cut > 0 && !Character.isWhitespace(raw.charAt(cut - 1));
    }
}
