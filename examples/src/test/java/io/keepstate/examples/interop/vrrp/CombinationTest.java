// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CombinationTest {

    @Test
    void authenticationGoesWithVersion2OverIpv4Only() {
        assertThat(Combination.all()).hasSize(24).doesNotHaveDuplicates();
    }

    @Test
    void theShortFormHasEveryPairOfValuesInAFewCombinations() {
        assertThat(Combination.pairwise().stream()
                        .flatMap(each -> each.pairs().stream())
                        .collect(Collectors.toSet()))
                .isEqualTo(Combination.all().stream()
                        .flatMap(each -> each.pairs().stream())
                        .collect(Collectors.toSet()));
        assertThat(Combination.pairwise()).hasSizeLessThanOrEqualTo(9);
    }

    @Test
    void skewIsOfASecondInVersion2AndOfTheIntervalInVersion3() {
        Combination v2 = Combination.all().get(0);
        Combination v3 = Combination.all().get(23);
        assertThat(v2.down(100)).isEqualTo(Duration.ofNanos(3_609_375_000L));
        assertThat(v3.down(100)).isEqualTo(Duration.ofNanos(360_937_500L));
    }
}
