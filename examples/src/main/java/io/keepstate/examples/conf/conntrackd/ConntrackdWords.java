// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Severity;
import java.util.List;

/**
 * What conntrackd's command line says about a finding: an error of grammar in the one form conntrackd has for it, which
 * scripts look for, and then the reason and the remedy, which it does not have.
 */
public final class ConntrackdWords {
    private ConntrackdWords() {}

    /** The lines for a terminal; none for what conntrackd itself is silent about. */
    public static List<String> of(Finding finding) {
        if (finding.severity() == Severity.NOTE) {
            return List.of();
        }
        String place = finding.file() + (finding.line() > 0 ? ":" + finding.line() : "") + ": ";
        String directive = finding.directive().isEmpty() ? "" : finding.directive() + ": ";
        String text = place + directive + finding.message();
        if (!finding.message().startsWith(Statements.SYNTAX_ERROR)) {
            return List.of(text);
        }
        return List.of(
                "parsing config file in line (" + finding.line() + "), symbol '" + finding.directive()
                        + "': syntax error",
                text);
    }
}
