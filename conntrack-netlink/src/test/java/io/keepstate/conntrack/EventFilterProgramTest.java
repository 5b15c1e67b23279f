// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.conntrack.EventFilter.Network;
import io.keepstate.conntrack.EventFilter.Networks;
import io.keepstate.conntrack.EventFilter.Numbers;
import io.keepstate.conntrack.codec.ExactEncoder;
import io.keepstate.conntrack.codec.ExpectationEncoder;
import io.keepstate.conntrack.codec.MessageKind;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The program, run by an interpreter on the messages a kernel would send. */
class EventFilterProgramTest {
    private static final long OWN = 0x8123_4567L;

    private static final Flow TCP = whole(Flows.tcp("10.0.0.1", 1000, "10.0.1.2", 80));
    private static final Flow UDP = whole(Flows.udp(1));
    private static final Flow TCP6 = whole(Flows.tcp("2001:db8::1", 1000, "2001:db8:1::2", 80));
    /** Its destination is translated: the answers come from 192.168.7.7. */
    private static final Flow DNAT = Flows.tcp("10.0.0.9", 1000, "10.0.1.2", 80).toBuilder()
            .reply(Flows.tuple(Protocol.TCP, "192.168.7.7", 8080, "10.0.0.9", 1000))
            .build();

    private static Flow whole(Flow flow) {
        return flow.toBuilder().reply(flow.original().inverted()).build();
    }

    private static Networks networks(boolean accept, String... prefixes) {
        return new Networks(
                accept,
                List.of(prefixes).stream()
                        .map(text -> text.split("/"))
                        .map(part -> new Network(IpAddress.parse(part[0]), Integer.parseInt(part[1])))
                        .toList());
    }

    private static boolean passes(EventFilter filter, MessageKind kind, Flow flow) {
        return passes(filter, kind, flow, 0);
    }

    private static boolean passes(EventFilter filter, MessageKind kind, Flow flow, long portId) {
        ByteBuf message = Unpooled.buffer();
        ExactEncoder.event(message, kind, portId, flow);
        return SocketFilterInterpreter.accepts(EventFilterProgram.build(filter, OWN), message);
    }

    private static EventFilter of(Numbers protocols, Networks networks, Numbers states) {
        return new EventFilter(protocols, networks, states);
    }

    @Test
    void protocolsAreAcceptedOrIgnored() {
        EventFilter only = of(new Numbers(true, List.of(6, 1)), Networks.ALL, Numbers.ALL);
        assertThat(passes(only, MessageKind.NEW, TCP)).isTrue();
        assertThat(passes(only, MessageKind.DESTROY, TCP6)).isTrue();
        assertThat(passes(only, MessageKind.UPDATE, UDP)).isFalse();
        EventFilter without = of(new Numbers(false, List.of(17)), Networks.ALL, Numbers.ALL);
        assertThat(passes(without, MessageKind.NEW, UDP)).isFalse();
        assertThat(passes(without, MessageKind.NEW, TCP)).isTrue();
    }

    @Test
    void addressesAreTestedAtBothSourcesInBothFamilies() {
        for (String prefix : List.of("10.0.0.0/29", "10.0.0.1/32", "10.0.1.2/32", "0.0.0.0/0")) {
            EventFilter filter = of(Numbers.ALL, networks(true, "172.16.0.0/12", prefix), Numbers.ALL);
            assertThat(passes(filter, MessageKind.NEW, TCP)).as(prefix).isTrue();
            assertThat(passes(filter, MessageKind.NEW, TCP6)).as(prefix).isFalse();
        }
        EventFilter ignoring =
                of(Numbers.ALL, networks(false, "10.0.0.1/32", "192.168.7.0/24", "2001:db8:1::/48"), Numbers.ALL);
        assertThat(passes(ignoring, MessageKind.NEW, TCP)).isFalse();
        assertThat(passes(ignoring, MessageKind.NEW, whole(Flows.tcp("10.0.0.2", 1, "10.0.1.2", 80))))
                .isTrue();
        assertThat(passes(ignoring, MessageKind.DESTROY, DNAT))
                .as("the real server")
                .isFalse();
        assertThat(passes(ignoring, MessageKind.NEW, TCP6)).isFalse();
        EventFilter otherIpv6 = of(Numbers.ALL, networks(false, "2001:db8::/128", "2001:db8::2/127"), Numbers.ALL);
        assertThat(passes(otherIpv6, MessageKind.NEW, TCP6)).isTrue();
        EventFilter anyIpv6 = of(Numbers.ALL, networks(true, "::/0"), Numbers.ALL);
        assertThat(passes(anyIpv6, MessageKind.NEW, TCP6)).isTrue();
        assertThat(passes(anyIpv6, MessageKind.NEW, TCP)).isFalse();
        // The original destination is not tested: a connection to a virtual address that is translated is a session.
        EventFilter virtual = of(Numbers.ALL, networks(false, "10.0.1.2/32"), Numbers.ALL);
        assertThat(passes(virtual, MessageKind.NEW, DNAT)).isTrue();
    }

    @Test
    void statesAreTestedForTcpAndNeverAtTheEnd() {
        EventFilter established =
                of(Numbers.ALL, Networks.ALL, new Numbers(true, List.of(TcpState.ESTABLISHED, TcpState.TIME_WAIT)));
        Flow begun = TCP.toBuilder().tcpState(TcpState.SYN_SENT).build();
        assertThat(passes(established, MessageKind.UPDATE, TCP)).isTrue();
        assertThat(passes(established, MessageKind.NEW, begun)).isFalse();
        assertThat(passes(established, MessageKind.DESTROY, begun)).isTrue();
        assertThat(passes(established, MessageKind.NEW, UDP)).isTrue();
        EventFilter ignored = of(Numbers.ALL, Networks.ALL, new Numbers(false, List.of(TcpState.SYN_SENT)));
        assertThat(passes(ignored, MessageKind.NEW, begun)).isFalse();
        assertThat(passes(ignored, MessageKind.NEW, TCP)).isTrue();
    }

    @Test
    void allTestsMustPassAndOwnEventsNeverDo() {
        EventFilter all = of(
                new Numbers(true, List.of(Protocol.TCP)),
                networks(false, "10.0.0.1/32"),
                new Numbers(true, List.of(TcpState.ESTABLISHED)));
        assertThat(passes(all, MessageKind.NEW, TCP)).isFalse();
        assertThat(passes(all, MessageKind.NEW, TCP6)).isTrue();
        assertThat(passes(all, MessageKind.NEW, TCP6, OWN)).isFalse();
        assertThat(passes(all, MessageKind.NEW, TCP6, OWN + 1)).isTrue();
    }

    @Test
    void expectationsPassUnlessTheyAreOurOwn() {
        EventFilter nothing = of(new Numbers(true, List.of()), Networks.ALL, Numbers.ALL);
        Tuple expected = Flows.tuple(Protocol.TCP, "10.0.1.2", 0, "10.0.0.1", 2000);
        Expectation expectation = Expectation.builder(expected, Expectation.exactMask(expected), TCP.original())
                .build();
        for (long portId : new long[] {0, OWN}) {
            ByteBuf message = Unpooled.buffer();
            ExpectationEncoder.event(message, MessageKind.EXPECTATION_NEW, portId, expectation);
            assertThat(SocketFilterInterpreter.accepts(EventFilterProgram.build(nothing, OWN), message))
                    .isEqualTo(portId == 0);
        }
        assertThat(passes(nothing, MessageKind.NEW, TCP)).isFalse();
    }

    @Test
    void manyAddressesStillFitAndTooManyAreAnError() {
        EventFilter many = of(Numbers.ALL, new Networks(false, hosts(600)), Numbers.ALL);
        assertThat(passes(many, MessageKind.NEW, TCP)).isFalse();
        EventFilter tooMany = of(Numbers.ALL, new Networks(false, hosts(4000)), Numbers.ALL);
        assertThatThrownBy(() -> EventFilterProgram.build(tooMany)).hasMessageContaining("4096");
    }

    private static List<Network> hosts(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> new Network(IpAddress.ipv4(0x0a000000 + count - i + 1), 32))
                .toList();
    }
}
