// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Numbers that wrap. Observed on the wire. */
class SessionWrappingTest {
    private static final FtfwConfig CONFIG = FtfwConfig.defaults();

    @Test
    void numbersWrapInBothDirections() {
        ObjectNode node = new ObjectNode(CONFIG, 0xffff_fffeL);
        node.transmit();
        node.receive("ALIVE seq=4294967294 HELLO HELLO_BACK");
        LongStream.rangeClosed(1, 3).forEach(node::put);
        assertThat(node.transmit())
                .containsExactly(
                        "CT_NEW seq=4294967295 HELLO_BACK payload=000000000000000100000001",
                        ObjectNode.message("CT_NEW", 0, 2, 1),
                        ObjectNode.message("CT_NEW", 1, 3, 1));
        node.receive("ACK seq=4294967295 from=4294967295 to=0", "ALIVE seq=0", "ALIVE seq=2");
        assertThat(node.releases).containsExactly(1L, 2L);
        assertThat(node.transmit()).contains("NACK seq=3 from=1 to=1");
        assertThat(node.session.stats().before()).isZero();
    }
}
