// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.text;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationFlag;
import io.keepstate.flow.Tuple;

/** One expectation as a line of {@code conntrack -L expect}; conntrackd prints the same without the timeout. */
public final class ExpectationLine {
    private ExpectationLine() {}

    /** The line without a line end, with the timeout if there is one. */
    public static String format(Expectation expectation) {
        StringBuilder out = new StringBuilder(240);
        append(out, expectation, true);
        return out.toString();
    }

    /** Appends the line. */
    public static void append(StringBuilder out, Expectation expectation, boolean withTimeout) {
        if (withTimeout && expectation.has(ExpectationAttribute.TIMEOUT)) {
            out.append(expectation.timeoutSeconds()).append(' ');
        }
        out.append("proto=").append(expectation.expected().protocol()).append(' ');
        out.append(expectation.expected());
        prefixed(out, "mask-", expectation.mask());
        prefixed(out, "master-", expectation.master());
        flags(out, expectation.flags());
        if (expectation.zone() != 0) {
            out.append(" zone=").append(expectation.zone());
        }
        if (expectation.has(ExpectationAttribute.CLASS)) {
            out.append(" class=").append(expectation.expectationClass());
        }
        if (expectation.helper() != null) {
            out.append(" helper=").append(expectation.helper());
        }
    }

    /** Only the addresses get the prefix. */
    private static void prefixed(StringBuilder out, String prefix, Tuple tuple) {
        String text = tuple.toString();
        out.append(' ').append(prefix).append(text.replaceFirst(" dst=", " " + prefix + "dst="));
    }

    private static void flags(StringBuilder out, int flags) {
        out.append((flags & ExpectationFlag.PERMANENT) != 0 ? " PERMANENT" : "");
        out.append((flags & ExpectationFlag.INACTIVE) != 0 ? " INACTIVE" : "");
        out.append((flags & ExpectationFlag.USERSPACE) != 0 ? " USERSPACE" : "");
    }
}
