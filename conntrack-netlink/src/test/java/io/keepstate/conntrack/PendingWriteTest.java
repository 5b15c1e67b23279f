// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.flow.TcpState;
import org.junit.jupiter.api.Test;

class PendingWriteTest {
    @Test
    void aLiveConnectionDoesNotGoBackToItsHandshakeForAnOldCopy() {
        assertThat(updated(TcpState.SYN_RECV, TcpState.ESTABLISHED)).isEqualTo(TcpState.ESTABLISHED);
        assertThat(updated(TcpState.SYN_SENT, TcpState.CLOSE_WAIT)).isEqualTo(TcpState.CLOSE_WAIT);
        assertThat(updated(TcpState.SYN_SENT2, TcpState.ESTABLISHED)).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    void anyOtherStateIsTakenAsItIs() {
        assertThat(updated(TcpState.ESTABLISHED, TcpState.SYN_RECV)).isEqualTo(TcpState.ESTABLISHED);
        assertThat(updated(TcpState.TIME_WAIT, TcpState.ESTABLISHED)).isEqualTo(TcpState.TIME_WAIT);
        // A new connection with the ports of one that is over.
        assertThat(updated(TcpState.SYN_RECV, TcpState.TIME_WAIT)).isEqualTo(TcpState.SYN_RECV);
        PendingWrite udp = found(Flows.udp(1), Flows.udp(1), 30);
        assertThat(udp.update()).isSameAs(udp.flow);
    }

    @Test
    void aTimeoutIsNeverShortened() {
        Flow idleForDays = Flows.tcp(1).toBuilder().timeoutSeconds(432_000).build();
        assertThat(found(Flows.tcp(1), idleForDays, 1800).updateTimeoutSeconds())
                .isEqualTo(432_000);
        Flow almostOver = Flows.tcp(1).toBuilder().timeoutSeconds(5).build();
        assertThat(found(Flows.tcp(1), almostOver, 1800).updateTimeoutSeconds()).isEqualTo(1800);
    }

    private static int updated(int copy, int kernel) {
        return found(
                        Flows.tcp(1).toBuilder().tcpState(copy).build(),
                        Flows.tcp(1).toBuilder().tcpState(kernel).build(),
                        1800)
                .update()
                .tcpState();
    }

    private static PendingWrite found(Flow copy, Flow kernel, long timeoutSeconds) {
        PendingWrite write = new PendingWrite(0, copy, timeoutSeconds, PendingWrite.Step.UPDATE_FOUND);
        write.found = kernel;
        return write;
    }
}
