// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.text.CacheLine;
import io.keepstate.flow.text.FlowXml;
import io.keepstate.testkit.arbitraries.FlowArbitraries;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Any flow of a kernel, printed and read again by readers of the tests' own: everything that a form has is right in it. */
class FlowTextPropertyTest {
    private static final Set<LinePart> ALL = EnumSet.allOf(LinePart.class);

    @Provide
    Arbitrary<Flow> flows() {
        return FlowArbitraries.flows();
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void aLineIsReadAgain(@ForAll("flows") Flow flow) {
        Coverage.ofAll(flow);
        assertThat(FlowLineReader.read(FlowLine.format(flow, ALL))).isEqualTo(FlowLineReader.shown(flow, true));
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void aLineOfACacheIsReadAgain(@ForAll("flows") Flow flow, @ForAll boolean replyKnown) {
        Coverage.of("reply", replyKnown, 20);
        Coverage.ofAll(flow);
        Flow cached = replyKnown ? flow : flow.toBuilder().reply(null).build();
        String line = CacheLine.format(cached, 12);
        assertThat(line).endsWith(" [active since 12s]");
        assertThat(FlowLineReader.read(line.replace(" [active since 12s]", "")))
                .isEqualTo(FlowLineReader.shown(cached, false));
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void anElementIsReadAgain(@ForAll("flows") Flow flow, @ForAll boolean replyKnown, @ForAll boolean whole) {
        Coverage.of("reply", replyKnown, 20);
        Coverage.of("whole", whole, 20);
        Coverage.ofAll(flow);
        Flow some = replyKnown ? flow : flow.toBuilder().reply(null).build();
        String element = FlowXml.format(some, whole ? ALL : Set.of(LinePart.ID));
        assertThat(FlowXmlReader.read(element)).isEqualTo(FlowXmlReader.shown(some, whole));
    }
}
