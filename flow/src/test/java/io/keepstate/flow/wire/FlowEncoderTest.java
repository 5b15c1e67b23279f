// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.SynProxy;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlowEncoderTest {
    private static final int CLIENT = 0x0a000001;
    private static final int SERVER = 0x0a000102;
    private static final int OUTSIDE = 0x09090909;
    private static final int NAT_DONE = Status.SRC_NAT_DONE | Status.DST_NAT_DONE;

    private final FlowEncoder encoder = new FlowEncoder(WireProfile.V1_4_7, WireOptions.DEFAULT);

    @Test
    void sourceNatIsWhereTheReplyGoes() {
        Flow flow = tcp().reply(tcp(SERVER, OUTSIDE, 81, 5555))
                .status(Status.SRC_NAT | NAT_DONE)
                .build();

        Flow received = throughTheWire(flow);

        assertThat(received.reply()).isNull();
        assertThat(received.sourceNat()).isEqualTo(new NatTarget(IpAddress.ipv4(OUTSIDE), 5555));
        assertThat(received.destinationNat()).isNull();
    }

    @Test
    void destinationNatIsWhereTheReplyComesFrom() {
        Flow flow =
                tcp().reply(tcp(OUTSIDE, CLIENT, 8080, 1113)).status(NAT_DONE).build();

        Flow received = throughTheWire(flow);

        assertThat(received.destinationNat()).isEqualTo(new NatTarget(IpAddress.ipv4(OUTSIDE), 8080));
        assertThat(received.sourceNat()).isNull();
    }

    @Test
    void translationThatTheStatusDoesNotKnowIsNotSent() {
        Flow flow = tcp().reply(tcp(SERVER, OUTSIDE, 81, 5555))
                .status(Status.SEEN_REPLY)
                .build();

        assertThat(throughTheWire(flow).sourceNat()).isNull();
    }

    @Test
    void withoutAStatusTheTuplesAloneSayWhatIsTranslated() {
        Flow flow = tcp().reply(tcp(SERVER, OUTSIDE, 81, 1113)).build();

        assertThat(throughTheWire(flow).sourceNat()).isEqualTo(new NatTarget(IpAddress.ipv4(OUTSIDE), 0));
    }

    @Test
    void aBigEndianPeerGetsTranslatedPortsInItsOwnOrder() {
        Flow flow =
                tcp().reply(tcp(SERVER, CLIENT, 81, 0x1234)).status(NAT_DONE).build();
        FlowEncoder big = new FlowEncoder(WireProfile.V1_4_7.withHostOrder(ByteOrder.BIG_ENDIAN), WireOptions.DEFAULT);

        assertThat(hex(encoder, flow)).endsWith("0006000e34120000");
        assertThat(hex(big, flow)).endsWith("0006000e12340000");
    }

    @Test
    void timeoutAndWindowScalesGoOutOnlyWhenConfigured() {
        Flow flow = tcp().timeoutSeconds(60)
                .set(Attribute.TCP_STATE, TcpState.ESTABLISHED)
                .set(Attribute.TCP_WSCALE_ORIGINAL, 7)
                .set(Attribute.TCP_WSCALE_REPLY, 8)
                .build();

        assertThat(hex(new FlowEncoder(WireProfile.V1_4_7, new WireOptions(false, false)), flow))
                .doesNotContain("00080006")
                .doesNotContain("00050019");
        assertThat(hex(new FlowEncoder(WireProfile.V1_4_7, new WireOptions(true, true)), flow))
                .contains("000800060000003c")
                .contains("0005001907000000")
                .contains("0005001a08000000");
    }

    @Test
    void labelsOfNoSetBitAreNotSent() {
        assertThat(hex(encoder, tcp().labels(new int[] {0, 0}).build())).doesNotContain("001c");
    }

    @Test
    void pptpTunnelsStayAtHome() {
        Tuple keyed = Tuple.ipv4(CLIENT, SERVER, Protocol.GRE, 0x11, 0x22);
        Tuple plain = Tuple.ipv4(CLIENT, SERVER, Protocol.GRE, 0, 0);

        assertWithheld(Flow.builder(keyed).build(), Unprotected.GRE_KEYS);
        assertThat(encoder.withheld(Flow.builder(plain).build())).isNull();
    }

    @Test
    void udpliteStaysAtHome() {
        assertWithheld(
                Flow.builder(Tuple.ipv4(CLIENT, SERVER, Protocol.UDPLITE, 1, 2)).build(), Unprotected.UDPLITE_PORTS);
    }

    @Test
    void aFlowWithAZoneOfOneDirectionStaysAtHome() {
        assertWithheld(tcp().set(Attribute.ZONE_ORIGINAL, 1).build(), Unprotected.DIRECTIONAL_ZONE);
        assertWithheld(tcp().set(Attribute.ZONE_REPLY, 1).build(), Unprotected.DIRECTIONAL_ZONE);
    }

    @Test
    void aPingWhoseIdentifierIsTranslatedStaysAtHome() {
        Tuple ping = Tuple.ipv4(CLIENT, SERVER, Protocol.ICMP, 77, Tuple.icmpTypeAndCode(8, 0));
        Tuple pong = Tuple.ipv4(SERVER, OUTSIDE, Protocol.ICMP, 78, Tuple.icmpTypeAndCode(0, 0));

        assertWithheld(Flow.builder(ping).reply(pong).status(NAT_DONE).build(), Unprotected.ICMP_IDENTIFIER_TRANSLATED);
    }

    @Test
    void aHelperNameOfTwelveCharactersIsLeftOutAndTheFlowIsSent() {
        Flow flow = tcp().helper("netbios-ns12").build();
        ByteBuf out = Unpooled.buffer();

        assertThat(encoder.encode(flow, out)).isEqualTo(Unprotected.LONG_HELPER);
        assertThat(decode(out).helper()).isNull();
        assertThat(decode(out).original()).isEqualTo(flow.original());
    }

    @Test
    void labelsBeyondTheLimitAreLeftOutAndTheFlowIsSent() {
        int[] words = new int[257];
        words[0] = 1;
        ByteBuf out = Unpooled.buffer();

        assertThat(encoder.encode(tcp().labels(words).build(), out)).isEqualTo(Unprotected.LONG_LABELS);
        assertThat(decode(out).labelWords()).isZero();
    }

    @Test
    void aMasterThatPortsDoNotTellApartIsLeftOutAndTheFlowIsSent() {
        Flow flow = tcp().master(Tuple.ipv4(CLIENT, SERVER, Protocol.GRE, 1, 2)).build();
        ByteBuf out = Unpooled.buffer();

        assertThat(encoder.encode(flow, out)).isEqualTo(Unprotected.MASTER_IDENTITY);
        assertThat(decode(out).master()).isNull();
    }

    @Test
    void onlyTheWholeReasonsKeepAFlowAtHome() {
        Set<Unprotected> attributeOnly =
                EnumSet.of(Unprotected.LONG_HELPER, Unprotected.LONG_LABELS, Unprotected.MASTER_IDENTITY);
        for (int i = 0; i < Unprotected.count(); i++) {
            Unprotected reason = Unprotected.of(i);
            assertThat(reason.isWhole()).as(reason.name()).isNotEqualTo(attributeOnly.contains(reason));
        }
    }

    @Test
    void upTo146AZoneIsNotKnownAndTheDefaultOneNeedNotBe() {
        FlowEncoder older = new FlowEncoder(WireProfile.V1_4_5, WireOptions.DEFAULT);

        assertThat(older.withheld(tcp().zone(1).build())).isEqualTo(Unprotected.ZONE);
        assertThat(encoder.withheld(tcp().zone(1).build())).isNull();
        assertThat(hex(older, tcp().zone(0).build())).isEqualTo(hex(older, tcp().build()));
    }

    @Test
    void upTo144ASynProxyIsNotKnownAndOneOfZerosIsNone() {
        FlowEncoder older = new FlowEncoder(WireProfile.V1_4_4, WireOptions.DEFAULT);
        Flow real = tcp().synProxy(new SynProxy(1, 2, 3)).build();
        Flow zeros = tcp().synProxy(new SynProxy(0, 0, 0)).build();

        assertThat(older.withheld(real)).isEqualTo(Unprotected.SYN_PROXY);
        assertThat(new FlowEncoder(WireProfile.V1_4_5, WireOptions.DEFAULT).withheld(real))
                .isNull();
        assertThat(hex(older, zeros)).isEqualTo(hex(older, tcp().build()));
    }

    @Test
    void upTo143ATranslatedAddressOfIpv6IsNotKnownButItsPortIs() {
        FlowEncoder older = new FlowEncoder(WireProfile.V1_4_2, WireOptions.DEFAULT);
        Tuple six = new Tuple(Family.IPV6, 1, 2, 3, 4, Protocol.TCP, 5, 6);
        IpAddress elsewhere = new IpAddress(Family.IPV6, 7, 8);
        Flow translated =
                Flow.builder(six).sourceNat(new NatTarget(elsewhere, 9)).build();
        Tuple reply = new Tuple(Family.IPV6, 3, 4, 7, 8, Protocol.TCP, 6, 5);

        assertThat(older.withheld(translated)).isEqualTo(Unprotected.IPV6_NAT);
        assertThat(older.withheld(
                        Flow.builder(six).reply(reply).status(NAT_DONE).build()))
                .isEqualTo(Unprotected.IPV6_NAT);
        assertThat(older.withheld(Flow.builder(six).reply(reply).status(0).build()))
                .as("the status does not know of it")
                .isNull();
        assertThat(older.withheld(
                        Flow.builder(six).sourceNat(new NatTarget(null, 9)).build()))
                .isNull();
        assertThat(new FlowEncoder(WireProfile.V1_4_4, WireOptions.DEFAULT).withheld(translated))
                .isNull();
    }

    @Test
    void upTo146ATranslatedAddressTravelsInHostOrder() {
        Flow flow =
                tcp().reply(tcp(SERVER, 0x0a0b0c0d, 81, 1113)).status(NAT_DONE).build();
        WireProfile bigEndian = WireProfile.V1_4_5.withHostOrder(ByteOrder.BIG_ENDIAN);

        assertThat(hex(encoder, flow)).endsWith("0008000c0a0b0c0d");
        assertThat(hex(new FlowEncoder(WireProfile.V1_4_5, WireOptions.DEFAULT), flow))
                .endsWith("0008000c0d0c0b0a");
        assertThat(hex(new FlowEncoder(bigEndian, WireOptions.DEFAULT), flow)).endsWith("0008000c0a0b0c0d");
    }

    @Test
    void eachReleaseHasItsProfile() {
        assertThat(WireProfile.ofRelease("1.4.3")).isEqualTo(WireProfile.V1_4_2);
        assertThat(WireProfile.ofRelease("1.4.6")).isEqualTo(WireProfile.V1_4_5);
        assertThat(WireProfile.ofRelease("1.4.9")).isEqualTo(WireProfile.V1_4_7);
        assertThat(WireProfile.ofRelease("1.5")).isNull();
        assertThat(WireProfile.ALL)
                .allSatisfy(profile ->
                        assertThat(WireProfile.ofRelease(profile.name())).isEqualTo(profile));
    }

    private void assertWithheld(Flow flow, Unprotected reason) {
        ByteBuf out = Unpooled.buffer();
        assertThat(encoder.encode(flow, out)).isEqualTo(reason);
        assertThat(out.isReadable()).as("octets written").isFalse();
    }

    private Flow throughTheWire(Flow flow) {
        ByteBuf out = Unpooled.buffer();
        assertThat(encoder.encode(flow, out)).isNull();
        return decode(out);
    }

    private static Flow decode(ByteBuf payload) {
        FlowBuilder builder = new FlowBuilder();
        assertThat(new FlowDecoder(WireProfile.V1_4_7).decode(payload, builder)).isNull();
        return builder.build();
    }

    private static String hex(FlowEncoder encoder, Flow flow) {
        ByteBuf out = Unpooled.buffer();
        encoder.encode(flow, out);
        return ByteBufUtil.hexDump(out);
    }

    private static FlowBuilder tcp() {
        return Flow.builder(tcp(CLIENT, SERVER, 1113, 81));
    }

    private static Tuple tcp(int source, int destination, int sourcePort, int destinationPort) {
        return Tuple.ipv4(source, destination, Protocol.TCP, sourcePort, destinationPort);
    }
}
