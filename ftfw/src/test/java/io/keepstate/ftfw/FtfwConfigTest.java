// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FtfwConfigTest {
    private static final FtfwConfig CONFIG = FtfwConfig.defaults();

    @Test
    void aSettingOutOfRangeIsNamedWithItsRange() {
        List<Runnable> wrong = List.of(
                () -> CONFIG.withAckWindowSize(0), () -> CONFIG.withResendQueueSize(0), () -> CONFIG.withMtu(100));
        for (Runnable setting : wrong) {
            assertThatThrownBy(setting::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("\\w+ is -?\\d+; it must be .+");
        }
    }
}
