// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationBuilder;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Family;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpectationDecoderTest {
    private static final String MASTER = "000c00000a0000010a000102" + "0005000206000000" + "0008000304590015";
    private static final String EXPECTED = "000c00040a0000010a000102" + "0005000606000000" + "0008000700001e01";
    private static final String MASK = "000c0008ffffffffffffffff" + "0005000a06000000" + "0008000b0000ffff";
    private static final String ALL = MASTER + EXPECTED + MASK;
    private static final String NAT = "000c000f0000000000000000" + "0005001106000000";
    private static final String NAT_DIR = "0008001200000001";
    private static final String IPV6 = "20010db8000000000000000000000001".repeat(2);
    private static final Set<MalformedPayload> OF_EXPECTATIONS = EnumSet.allOf(MalformedPayload.class);

    private static final int ROUNDS = Boolean.getBoolean("keepstate.long") ? 10_000_000 : 100_000;

    private final ExpectationDecoder decoder = new ExpectationDecoder();
    private final ExpectationBuilder builder = new ExpectationBuilder();

    @Test
    void theOrderOfAttributesDoesNotMatter() {
        assertThat(accept(MASK + MASTER + EXPECTED)).isEqualTo(accept(ALL));
    }

    @Test
    void aTranslationNeedsNoPort() {
        assertThat(accept(ALL + NAT + NAT_DIR).nat())
                .isEqualTo(new ExpectationNat(Tuple.ipv4(0, 0, Protocol.TCP, 0, 0), 1));
    }

    @Test
    void aTranslationOfTheOtherFamilyIsIgnored() {
        String six = ("00240001" + IPV6 + MASTER.substring(24))
                + ("00240005" + IPV6 + EXPECTED.substring(24))
                + ("00240009" + IPV6 + MASK.substring(24));
        assertThat(accept(six + NAT + NAT_DIR).nat()).isNull();
    }

    @Test
    void emptyNamesAreNone() {
        Expectation expectation = accept(ALL + "0005001300000000" + "0005001400000000");
        assertThat(expectation.helper()).isNull();
        assertThat(expectation.function()).isNull();
    }

    @Test
    void everyReasonToRefuseHasItsMessageAndIsCounted() {
        refuse(ALL + "00ff000d00000001", MalformedPayload.TRUNCATED_ATTRIBUTE);
        refuse(ALL + "0003000d00000001", MalformedPayload.SHORT_ATTRIBUTE);
        refuse(ALL + "0008001500000001", MalformedPayload.UNKNOWN_ATTRIBUTE);
        refuse(ALL + "0007000d00000000", MalformedPayload.WRONG_SIZE);
        refuse(ALL + "00110013" + "61".repeat(16), MalformedPayload.TOO_LONG);
        refuse(ALL + "00210014" + "61".repeat(32), MalformedPayload.TOO_LONG);
        refuse(ALL + "0008001361200a00", MalformedPayload.BAD_HELPER_NAME);
        refuse(ALL + "0008001461200a00", MalformedPayload.BAD_FUNCTION_NAME);
        refuse(ALL + NAT + "0008001200000002", MalformedPayload.BAD_STATE);
        refuse("", MalformedPayload.NO_ADDRESSES);
        refuse(MASTER + MASK, MalformedPayload.NO_ADDRESSES);
        refuse(MASTER + MASK + EXPECTED.substring(0, 24), MalformedPayload.NO_PROTOCOL);
        refuse(MASTER + MASK + EXPECTED.substring(0, 40), MalformedPayload.NO_PORTS);
        refuse(MASTER + MASK + EXPECTED.replace("0005000606", "0005000601"), MalformedPayload.NO_ICMP_IDENTITY);
        refuse(EXPECTED + MASK, MalformedPayload.INCOMPLETE_MASTER);
        refuse(EXPECTED + MASK + MASTER.substring(0, 40), MalformedPayload.INCOMPLETE_MASTER);
        refuse(EXPECTED + MASTER, MalformedPayload.INCOMPLETE_MASK);
        refuse(EXPECTED + MASTER + MASK.substring(0, 40), MalformedPayload.INCOMPLETE_MASK);
        refuse(MASTER + EXPECTED + "00240009" + IPV6 + MASK.substring(24), MalformedPayload.MIXED_FAMILIES);
        refuse(ALL + "00240005" + IPV6, MalformedPayload.MIXED_FAMILIES);
        refuse(ALL + NAT, MalformedPayload.INCOMPLETE_EXPECTATION_NAT);
        refuse(ALL + NAT_DIR, MalformedPayload.INCOMPLETE_EXPECTATION_NAT);
        refuse(ALL + NAT.substring(0, 24) + NAT_DIR, MalformedPayload.INCOMPLETE_EXPECTATION_NAT);

        for (MalformedPayload reason : OF_EXPECTATIONS) {
            assertThat(decoder.refused(reason)).as(reason.name()).isPositive();
        }
        assertThat(decoder.refused()).isEqualTo(23);
    }

    @Test
    void whatTheWireCannotSayStaysAtHome() {
        Expectation plain = accept(ALL);
        Tuple udplite = Tuple.ipv4(1, 2, Protocol.UDPLITE, 3, 4);
        Tuple six = new Tuple(Family.IPV6, 0, 0, 0, 0, Protocol.TCP, 7, 0);

        assertWithheld(plain.toBuilder().zone(1).build(), Unprotected.EXPECTATION_ZONE);
        assertWithheld(plain.toBuilder().nat(new ExpectationNat(six, 0)).build(), Unprotected.EXPECTATION_IPV6_NAT);
        assertWithheld(plain.toBuilder().master(udplite).build(), Unprotected.EXPECTATION_PORTS);
        assertWithheld(plain.toBuilder().function("f".repeat(28)).build(), Unprotected.LONG_FUNCTION);
        ByteBuf out = Unpooled.buffer();
        assertThat(new ExpectationEncoder(WireOptions.DEFAULT)
                        .encode(plain.toBuilder().helper("h".repeat(12)).zone(0).build(), out))
                .isEqualTo(Unprotected.LONG_HELPER);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(ALL);
    }

    @Test
    void timeoutsGoOutOnlyWhenConfigured() {
        Expectation expectation = accept(ALL).toBuilder().timeoutSeconds(60).build();
        ByteBuf out = Unpooled.buffer();
        new ExpectationEncoder(new WireOptions(false, false)).encode(expectation, out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(ALL);
    }

    @Test
    void whateverTheOctetsNothingIsThrownAndWhatIsAcceptedIsAnExpectation() throws Exception {
        Random random = new Random(11);
        List<byte[]> good = new ArrayList<>();
        for (String name : WireFixtureTest.expectationFixtures()) {
            good.add(ByteBufUtil.getBytes(WireFixtureTest.octets(name)));
        }
        Set<MalformedPayload> seen = EnumSet.noneOf(MalformedPayload.class);
        int accepted = 0;
        Expectation untouched = accept(ALL);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] octets = good.get(random.nextInt(good.size())).clone();
            if (i % 16 == 1) {
                octets = ByteBufUtil.getBytes(
                        Unpooled.wrappedBuffer(octets, ByteBufUtil.decodeHexDump("00240005" + IPV6)));
            } else if (i % 4 == 0) {
                octets = Arrays.copyOf(octets, random.nextInt(octets.length + 1));
            }
            for (int changes = random.nextInt(4); changes > 0 && octets.length > 0; changes--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(random.nextBoolean() ? 40 : 256);
            }
            MalformedPayload reason = decoder.decode(Unpooled.wrappedBuffer(octets), builder);
            if (reason == null) {
                accepted++;
                assertThat(builder.build().toString()).doesNotContain("\n");
                new ExpectationEncoder(WireOptions.DEFAULT).encode(builder.build(), Unpooled.buffer());
            } else {
                seen.add(reason);
            }
            if (i % 100 == 0) {
                assertThat(accept(ALL)).as("a good one in between").isEqualTo(untouched);
            }
        }
        assertThat(seen).isEqualTo(OF_EXPECTATIONS);
        assertThat(accepted).as("mutations that change only values").isGreaterThan(ROUNDS / 20);
    }

    private static void assertWithheld(Expectation expectation, Unprotected reason) {
        ByteBuf out = Unpooled.buffer();
        assertThat(new ExpectationEncoder(WireOptions.DEFAULT).encode(expectation, out))
                .isEqualTo(reason);
        assertThat(out.isReadable()).as("octets written").isFalse();
    }

    private Expectation accept(String hex) {
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
