// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.examples.demo.lab.Deviation;
import io.keepstate.examples.demo.lab.NodeKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {
    @Test
    void theyReachTheJvmInsideUnchanged() {
        DemoOptions all = new DemoOptions(
                10, Optional.of("/tmp/a b.json"), true, "fw2", false, 2, List.of(Deviation.values()), true);
        assertThat(DemoOptions.fromWords(all.toWords())).isEqualTo(all);
        DemoOptions none = new DemoOptions(1, Optional.empty(), false, "none", false, 1, List.of(), false);
        assertThat(DemoOptions.fromWords(none.toWords())).isEqualTo(none);
    }

    @Test
    void theyNameWhichNodesRunTheDaemonsInC() {
        DemoOptions mixed = new DemoOptions(1, Optional.empty(), false, "fw2", false, 1, List.of(), false);
        assertThat(mixed.kindOf("fw1")).isEqualTo(NodeKind.KEEPSTATE);
        assertThat(mixed.kindOf("fw2")).isEqualTo(NodeKind.CLASSIC);
        DemoOptions both = new DemoOptions(1, Optional.empty(), false, "both", false, 1, List.of(), false);
        assertThat(both.kindOf("fw1")).isEqualTo(NodeKind.CLASSIC);
    }

    @Test
    void aWrongValueIsNamedWithTheRightOnes() {
        assertThatThrownBy(() -> new DemoOptions(0, Optional.empty(), false, "none", false, 1, List.of(), false))
                .hasMessage("--cycles 0: give 1 or more");
        assertThatThrownBy(() -> new DemoOptions(1, Optional.empty(), false, "fw3", false, 1, List.of(), false))
                .hasMessage("--c-nodes fw3: give none, fw1, fw2 or both");
        assertThatThrownBy(() -> new DemoOptions(1, Optional.empty(), false, "none", false, 3, List.of(), false))
                .hasMessage("--groups 3: give 1 or 2");
        assertThatThrownBy(() -> DemoOptions.deviations("lan-sync,bogus"))
                .hasMessage("--deviations bogus: give no-external-cache or lan-sync");
    }
}
