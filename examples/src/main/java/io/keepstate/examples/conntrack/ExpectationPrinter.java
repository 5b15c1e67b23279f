// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.examples.conntrack.FlowPrinter.Event;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.text.ExpectationLine;
import io.keepstate.flow.text.ExpectationXml;
import java.io.PrintStream;
import java.util.Set;

/** Prints expectations; of the forms that {@code -o} names they have XML and the time. */
final class ExpectationPrinter {
    private final PrintStream out;
    private final boolean xml;
    private final boolean timestamp;
    private final StringBuilder text = new StringBuilder(512);
    private boolean begun;

    ExpectationPrinter(Set<OutputPart> form, PrintStream out) {
        this.out = out;
        this.xml = form.contains(OutputPart.XML);
        this.timestamp = form.contains(OutputPart.TIMESTAMP);
    }

    /** Prints one expectation of a listing. */
    void print(Expectation expectation) {
        print(expectation, Event.NONE);
    }

    /** Prints one expectation, and what happened to it. */
    void print(Expectation expectation, Event event) {
        text.setLength(0);
        if (xml) {
            text.append(begun ? "" : "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<expect>\n");
            ExpectationXml.append(text, expectation, true, event.name, timestamp ? EventTime.element() : "");
        } else {
            text.append(timestamp ? EventTime.prefix() : "").append(event.prefix);
            ExpectationLine.append(text, expectation, true);
        }
        begun = true;
        out.append(text.append('\n'));
    }

    /** Ends the listing. */
    void end() {
        if (begun && xml) {
            out.print("</expect>\n");
        }
        out.flush();
    }
}
