// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.text;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.Tuple;

/**
 * One expectation as an XML element on one line: {@code conntrack -L expect -o xml}; {@code conntrackd -i expect -x} and
 * {@code -e expect -x} print the same without the timeout. The root element is named {@code flow}, as they have it.
 */
public final class ExpectationXml {
    private ExpectationXml() {}

    /** The element as conntrackd prints it. */
    public static void append(StringBuilder out, Expectation expectation) {
        append(out, expectation, false, "", "");
    }

    /**
     * Appends the element, without a line end.
     *
     * @param withTimeout whether to print the timeout, if there is one
     * @param event what happened to it: {@code new}, {@code update}, {@code destroy}; empty in a dump
     * @param when the element behind all others: when it was received; empty without one
     */
    public static void append(
            StringBuilder out, Expectation expectation, boolean withTimeout, String event, String when) {
        Tuple expected = expectation.expected();
        out.append(event.isEmpty() ? "<flow>" : "<flow type=\"" + event + "\">");
        out.append("<layer3").append(XmlText.family(expected)).append('>');
        parts(out, expectation, XmlText::addresses);
        out.append("</layer3><layer4").append(XmlText.protocol(expected)).append('>');
        parts(out, expectation, XmlText::identifiers);
        out.append("</layer4><meta>");
        if (expectation.helper() != null) {
            XmlText.element(out, "helper-name", expectation.helper());
        }
        if (withTimeout) {
            number(out, "timeout", expectation, ExpectationAttribute.TIMEOUT);
        }
        number(out, "class", expectation, ExpectationAttribute.CLASS);
        if (expectation.zone() != 0) {
            XmlText.element(out, "zone", Integer.toString(expectation.zone()));
        }
        out.append(when).append("</meta></flow>");
    }

    private interface Part {
        void append(StringBuilder out, Tuple tuple);
    }

    private static void parts(StringBuilder out, Expectation expectation, Part part) {
        out.append("<expected>");
        part.append(out, expectation.expected());
        out.append("</expected><mask>");
        part.append(out, expectation.mask());
        out.append("</mask><master>");
        part.append(out, expectation.master());
        out.append("</master>");
    }

    private static void number(StringBuilder out, String name, Expectation expectation, ExpectationAttribute which) {
        if (expectation.has(which)) {
            XmlText.element(out, name, Long.toUnsignedString(expectation.get(which)));
        }
    }
}
