// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every expected line was printed by conntrack 1.4.7. */
class FlowLineTest {
    private static final int A = 0x0a000001;
    private static final int B = 0x0a000002;
    private static final int REPLIED = Status.CONFIRMED | Status.SEEN_REPLY | Status.ASSURED;

    @Test
    void anAssuredTcpConnectionWithMarkAndZone() {
        Flow flow = of(Protocol.TCP, 1, 2)
                .status(REPLIED)
                .set(Attribute.TCP_STATE, TcpState.ESTABLISHED)
                .mark(5)
                .zone(7)
                .build();
        assertThat(flow)
                .hasToString("tcp      6 99 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2"
                        + " src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [ASSURED] mark=5 zone=7 use=1");
    }

    @Test
    void countersFollowTheirTuple() {
        Flow flow = of(Protocol.TCP, 9, 2)
                .status(REPLIED)
                .set(Attribute.TCP_STATE, TcpState.ESTABLISHED)
                .originalCounters(new Counters(3, -1))
                .replyCounters(new Counters(0, 0))
                .mark(5)
                .build();
        assertThat(flow)
                .hasToString("tcp      6 99 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=9 dport=2 packets=3"
                        + " bytes=18446744073709551615 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=9 packets=0 bytes=0"
                        + " [ASSURED] mark=5 use=1");
    }

    @Test
    void zonesOfOneDirectionStandBehindTheirTuple() {
        FlowBuilder builder = of(Protocol.TCP, 1, 3)
                .set(Attribute.TCP_STATE, TcpState.SYN_SENT)
                .mark(0);
        assertThat(builder.set(Attribute.ZONE_ORIGINAL, 3).build())
                .hasToString("tcp      6 99 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=1 dport=3 zone-orig=3 [UNREPLIED]"
                        + " src=10.0.0.2 dst=10.0.0.1 sport=3 dport=1 mark=0 use=1");
        assertThat(builder.clear(Attribute.ZONE_ORIGINAL)
                        .set(Attribute.ZONE_REPLY, 4)
                        .build())
                .hasToString("tcp      6 99 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=1 dport=3 [UNREPLIED]"
                        + " src=10.0.0.2 dst=10.0.0.1 sport=3 dport=1 zone-reply=4 mark=0 use=1");
    }

    @Test
    void otherProtocols() {
        assertThat(of(Protocol.ICMP, 77, Tuple.icmpTypeAndCode(8, 0)).mark(0).build())
                .hasToString("icmp     1 99 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=77 [UNREPLIED]"
                        + " src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=77 mark=0 use=1");
        assertThat(of(Protocol.GRE, 17, 34).mark(0).build())
                .hasToString("gre      47 99 src=10.0.0.1 dst=10.0.0.2 srckey=0x11 dstkey=0x22 [UNREPLIED]"
                        + " src=10.0.0.2 dst=10.0.0.1 srckey=0x22 dstkey=0x11 mark=0 use=1");
        assertThat(of(4, 0, 0).mark(0).build())
                .hasToString(
                        "unknown  4 99 src=10.0.0.1 dst=10.0.0.2 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 mark=0 use=1");
        assertThat(of(Protocol.UDPLITE, 1, 3).mark(0).build())
                .hasToString("udplite  136 99 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=3 [UNREPLIED]"
                        + " src=10.0.0.2 dst=10.0.0.1 sport=3 dport=1 mark=0 use=1");
        assertThat(of(Protocol.SCTP, 14, 2).set(Attribute.SCTP_STATE, 1).mark(0).build())
                .hasToString("sctp     132 99 CLOSED src=10.0.0.1 dst=10.0.0.2 sport=14 dport=2 [UNREPLIED]"
                        + " src=10.0.0.2 dst=10.0.0.1 sport=2 dport=14 mark=0 use=1");
    }

    @Test
    void ipv6AddressesAreThoseOfInetNtop() {
        Tuple tuple = new Tuple(
                Family.IPV6,
                /* sourceHigh= */ 0x20010db8_00000000L,
                /* sourceLow= */ 1,
                /* destinationHigh= */ 0,
                /* destinationLow= */ 0xffff_01020304L,
                Protocol.ICMPV6,
                77,
                Tuple.icmpTypeAndCode(128, 0));
        Flow flow = with(Flow.builder(tuple).reply(tuple.inverted())).mark(0).build();
        assertThat(FlowLine.format(flow, EnumSet.allOf(LinePart.class)))
                .isEqualTo("ipv6     10 icmpv6   58 99 src=2001:db8::1 dst=::ffff:1.2.3.4 type=128 code=0 id=77"
                        + " [UNREPLIED] src=::ffff:1.2.3.4 dst=2001:db8::1 type=129 code=0 id=77 mark=0 use=1"
                        + " id=3484609963");
    }

    @Test
    void helperAndIdStandAtTheEnd() {
        Flow flow = of(Protocol.TCP, 55180, 21)
                .status(REPLIED)
                .set(Attribute.TCP_STATE, TcpState.ESTABLISHED)
                .mark(0)
                .helper("ftp")
                .build();
        assertThat(FlowLine.format(flow, Set.of(LinePart.LAYER3, LinePart.USE, LinePart.ID)))
                .isEqualTo("ipv4     2 tcp      6 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=55180 dport=21"
                        + " src=10.0.0.2 dst=10.0.0.1 sport=21 dport=55180 [ASSURED] mark=0 helper=ftp use=1"
                        + " id=3484609963");
    }

    @Test
    void offloadedFlowsSayWhere() {
        FlowBuilder flow = of(Protocol.UDP, 1, 2);
        assertThat(flow.status(REPLIED | Status.OFFLOAD).build().toString())
                .contains(" [OFFLOAD]")
                .doesNotContain("ASSURED");
        assertThat(flow.status(REPLIED | Status.OFFLOAD | Status.HW_OFFLOAD)
                        .build()
                        .toString())
                .contains(" [HW_OFFLOAD]")
                .doesNotContain(" [OFFLOAD]");
    }

    private static FlowBuilder of(int protocol, int sourceId, int destinationId) {
        Tuple tuple = Tuple.ipv4(A, B, protocol, sourceId, destinationId);
        return with(Flow.builder(tuple).reply(tuple.inverted()));
    }

    private static FlowBuilder with(FlowBuilder builder) {
        return builder.status(Status.CONFIRMED)
                .timeoutSeconds(99)
                .set(Attribute.USE, 1)
                .set(Attribute.ID, 3484609963L);
    }
}
