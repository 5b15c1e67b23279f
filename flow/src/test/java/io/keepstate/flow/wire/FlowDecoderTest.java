// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlowDecoderTest {
    private static final String ADDRESSES = "000c00000a0000010a000102";
    private static final String TCP = "0005000206000000";
    private static final String PORTS = "0008000304590051";
    private static final String FLOW = ADDRESSES + TCP + PORTS;
    private static final String IPV6 = "00240001" + "20010db8000000000000000000000001".repeat(2);
    private static final Set<MalformedPayload> OF_FLOWS = EnumSet.complementOf(EnumSet.of(
            MalformedPayload.INCOMPLETE_MASK,
            MalformedPayload.INCOMPLETE_EXPECTATION_NAT,
            MalformedPayload.BAD_FUNCTION_NAME));

    private static final int ROUNDS = Boolean.getBoolean("keepstate.long") ? 10_000_000 : 100_000;

    private final FlowDecoder decoder = new FlowDecoder(WireProfile.V1_4_7);
    private final FlowBuilder builder = new FlowBuilder();

    @Test
    void theOrderOfAttributesDoesNotMatter() {
        assertThat(accept(PORTS + TCP + ADDRESSES)).isEqualTo(accept(FLOW));
    }

    @Test
    void ofDuplicatesTheLastOneCounts() {
        assertThat(accept(FLOW + "0008000700000001" + "0008000700000002").mark())
                .isEqualTo(2);
    }

    @Test
    void fourOctetsOfAnythingAtTheEndAreIgnored() {
        assertThat(accept(FLOW + "ffffffff")).isEqualTo(accept(FLOW));
        assertThat(accept(FLOW + "00040005")).as("a bare head").isEqualTo(accept(FLOW));
    }

    @Test
    void eightZeroOctetsAtTheEndAreRefused() {
        refuse(FLOW + "0000000000000000", MalformedPayload.SHORT_ATTRIBUTE);
    }

    @Test
    void labelsOfOddLengthAreIgnored() {
        assertThat(accept(FLOW + "0007001c01020300").labels()).isNull();
        assertThat(accept(FLOW + "0004001c" + "0008000700000001").labels()).isNull();
    }

    @Test
    void aProtocolConntrackDoesNotKnowIsAnAddressPair() {
        assertThat(accept(ADDRESSES + "0005000259000000").original().protocol()).isEqualTo(89);
    }

    @Test
    void greWithoutKeysAndUdpliteWithoutPortsAreTaken() {
        assertThat(accept(ADDRESSES + "000500022f000000").original().protocol()).isEqualTo(Protocol.GRE);
        assertThat(accept(ADDRESSES + "0005000288000000").original().protocol()).isEqualTo(Protocol.UDPLITE);
    }

    @Test
    void aTranslatedAddressOfTheOtherFamilyIsIgnored() {
        // Releases up to 1.4.3 send an all-zero IPv4 target with IPv6 flows.
        assertThat(accept(IPV6 + TCP + PORTS + "0008000c00000000").sourceNat()).isNull();
    }

    @Test
    void theStateOfAnotherProtocolIsIgnored() {
        Flow flow = accept(FLOW + "0005001103000000" + "0005001401000000" + "0005000403000000");
        assertThat(flow).isEqualTo(accept(FLOW + "0005000403000000"));
        assertThat(accept(ADDRESSES + "0005000211000000" + PORTS + "0005000403000000")
                        .has(Attribute.TCP_STATE))
                .isFalse();
    }

    @Test
    void anOlderProfileKnowsFewerAttributes() {
        FlowDecoder older = new FlowDecoder(WireProfile.V1_4_2);
        assertThat(older.decode(payload(FLOW + "0014001d20010db8000f00000000000000000009"), builder))
                .isEqualTo(MalformedPayload.UNKNOWN_ATTRIBUTE);
        assertThat(older.decode(payload(FLOW + "0008001c00000001"), builder)).isNull();
    }

    @Test
    void anEmptyHelperNameIsNone() {
        assertThat(accept(FLOW + "0005001b00000000").helper()).isNull();
    }

    @Test
    void everyReasonToRefuseHasItsMessageAndIsCounted() {
        refuse(FLOW + "00ff000700000001", MalformedPayload.TRUNCATED_ATTRIBUTE);
        refuse(FLOW + "0003000700000001", MalformedPayload.SHORT_ATTRIBUTE);
        refuse(FLOW + "0008002100000001", MalformedPayload.UNKNOWN_ATTRIBUTE);
        refuse(FLOW + "0007000700000000", MalformedPayload.WRONG_SIZE);
        refuse(FLOW + "0011001b" + "61".repeat(16), MalformedPayload.TOO_LONG);
        refuse(FLOW + "0404001c".replace("0404", "0408") + "00".repeat(1028), MalformedPayload.TOO_LONG);
        refuse(FLOW + "0008001b61200a00", MalformedPayload.BAD_HELPER_NAME);
        refuse(FLOW + "000500040a000000", MalformedPayload.BAD_STATE);
        refuse(FLOW + "000500110a000000", MalformedPayload.BAD_STATE);
        refuse(FLOW + "000500140a000000", MalformedPayload.BAD_STATE);
        refuse(FLOW + "0005001502000000", MalformedPayload.BAD_STATE);
        refuse("", MalformedPayload.NO_ADDRESSES);
        refuse(TCP + PORTS, MalformedPayload.NO_ADDRESSES);
        refuse(ADDRESSES + PORTS, MalformedPayload.NO_PROTOCOL);
        refuse(ADDRESSES + TCP, MalformedPayload.NO_PORTS);
        refuse(ADDRESSES + "0005000201000000", MalformedPayload.NO_ICMP_IDENTITY);
        refuse(ADDRESSES + "0005000201000000" + "0005001608000000", MalformedPayload.NO_ICMP_IDENTITY);
        refuse(FLOW + "0005000a06000000", MalformedPayload.INCOMPLETE_MASTER);
        refuse(FLOW + "000c00080a0000010a000102", MalformedPayload.INCOMPLETE_MASTER);

        refuse(FLOW + "0005001a0f000000", MalformedPayload.BAD_STATE);
        refuse(FLOW + IPV6, MalformedPayload.MIXED_FAMILIES);
        refuse(FLOW + IPV6.replaceFirst("00240001", "00240009") + "0005000a06000000", MalformedPayload.MIXED_FAMILIES);

        for (MalformedPayload reason : OF_FLOWS) {
            assertThat(decoder.refused(reason)).as(reason.name()).isPositive();
        }
        assertThat(decoder.refused()).isEqualTo(22);
    }

    @Test
    void whateverTheOctetsNothingIsThrownAndEveryReasonOccurs() throws Exception {
        Random random = new Random(7);
        List<byte[]> good = new ArrayList<>();
        for (String name : WireFixtureTest.fixtures()) {
            good.add(ByteBufUtil.getBytes(WireFixtureTest.octets(name)));
        }
        Set<MalformedPayload> seen = EnumSet.noneOf(MalformedPayload.class);
        long accepted = 0;
        Flow untouched = accept(FLOW);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] octets = i % 10 == 0 ? noise(random) : mutated(random, good);
            MalformedPayload reason = decoder.decode(Unpooled.wrappedBuffer(octets), builder);
            if (reason == null) {
                accepted++;
                reencode(builder.build());
            } else {
                seen.add(reason);
            }
            if (i % 100 == 0) {
                assertThat(accept(FLOW)).as("a good one in between").isEqualTo(untouched);
            }
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(OF_FLOWS);
        assertThat(accepted + decoder.refused()).isEqualTo(ROUNDS);
        assertThat(accepted).as("mutations that change only values").isBetween(ROUNDS / 20L, ROUNDS - ROUNDS / 20L);
    }

    private static byte[] noise(Random random) {
        byte[] octets = new byte[random.nextInt(200)];
        random.nextBytes(octets);
        return octets;
    }

    /** A real message with a few octets changed, cut, or with an attribute taken out. */
    private static byte[] mutated(Random random, List<byte[]> good) {
        byte[] octets = good.get(random.nextInt(good.size())).clone();
        switch (random.nextInt(4)) {
            case 0 -> octets = java.util.Arrays.copyOf(octets, random.nextInt(octets.length + 1));
            case 1 -> octets = random.nextInt(8) == 0 ? ofBothFamilies(octets) : withoutOneAttribute(octets, random);
            default -> {
                int changes = 1 + random.nextInt(3);
                for (int i = 0; i < changes; i++) {
                    octets[random.nextInt(octets.length)] = (byte) random.nextInt(random.nextBoolean() ? 40 : 256);
                }
            }
        }
        return octets;
    }

    private static byte[] ofBothFamilies(byte[] octets) {
        byte[] ipv6 = ByteBufUtil.decodeHexDump(IPV6);
        byte[] ipv4 = ByteBufUtil.decodeHexDump(ADDRESSES);
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(ipv4, ipv6, octets));
    }

    private static byte[] withoutOneAttribute(byte[] octets, Random random) {
        ByteBuf in = Unpooled.wrappedBuffer(octets);
        ByteBuf out = Unpooled.buffer();
        int skip = random.nextInt(6);
        while (in.isReadable()) {
            int length = (in.getUnsignedShort(in.readerIndex()) + 3) & ~3;
            ByteBuf attribute = in.readSlice(length);
            if (skip-- != 0) {
                out.writeBytes(attribute);
            }
        }
        return ByteBufUtil.getBytes(out);
    }

    /** What was accepted is a flow like any other. */
    private static void reencode(Flow flow) {
        new FlowEncoder(WireProfile.V1_4_7, WireOptions.DEFAULT).encode(flow, Unpooled.buffer());
        assertThat(flow.toString()).doesNotContain("\n");
    }

    private Flow accept(String hex) {
        assertThat(decoder.decode(payload(hex), builder)).isNull();
        return builder.build();
    }

    private void refuse(String hex, MalformedPayload reason) {
        long before = decoder.refused(reason);
        assertThat(decoder.decode(payload(hex), builder)).isEqualTo(reason);
        assertThat(decoder.refused(reason)).isEqualTo(before + 1);
    }

    private static ByteBuf payload(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }
}
