// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.SequenceAdjustment;
import io.keepstate.flow.Status;
import io.keepstate.flow.SynProxy;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CodecPropertyTest {
    private static final int[] PROTOCOLS = {
        Protocol.TCP,
        Protocol.UDP,
        Protocol.UDPLITE,
        Protocol.SCTP,
        Protocol.DCCP,
        Protocol.ICMP,
        Protocol.ICMPV6,
        Protocol.GRE,
        89
    };

    private static final int ROUNDS = Boolean.getBoolean("keepstate.long") ? 10_000_000 : 100_000;

    private final ConntrackEncoder encoder = new ConntrackEncoder(false);
    private final ConntrackDecoder decoder = new ConntrackDecoder();

    @Provide
    Arbitrary<Flow> flows() {
        return Arbitraries.randomValue(CodecPropertyTest::flow);
    }

    static Tuple tuple(Random random, Family family) {
        return tuple(random, family, PROTOCOLS[random.nextInt(PROTOCOLS.length)]);
    }

    static Tuple tuple(Random random, Family family, int protocol) {
        boolean identified = Protocol.hasPorts(protocol) || Protocol.isIcmp(protocol) || protocol == Protocol.GRE;
        boolean ipv6 = family == Family.IPV6;
        return new Tuple(
                family,
                ipv6 ? random.nextLong() : 0,
                ipv6 ? random.nextLong() : random.nextInt() & 0xffff_ffffL,
                ipv6 ? random.nextLong() : 0,
                ipv6 ? random.nextLong() : random.nextInt() & 0xffff_ffffL,
                protocol,
                identified ? random.nextInt(65536) : 0,
                identified ? random.nextInt(65536) : 0);
    }

    private static NatTarget target(Random random, Family family) {
        IpAddress address = random.nextInt(4) == 0
                ? null
                : family == Family.IPV4
                        ? IpAddress.ipv4(random.nextInt())
                        : new IpAddress(family, random.nextLong(), random.nextLong());
        return new NatTarget(address, 1 + random.nextInt(65535));
    }

    static Flow flow(Random random) {
        Family family = random.nextBoolean() ? Family.IPV4 : Family.IPV6;
        Tuple original = tuple(random, family);
        FlowBuilder flow = Flow.builder(original).status(random.nextInt() & 0xffff);
        if (original.protocol() == Protocol.TCP) {
            flow.tcpState(random.nextInt(10));
        }
        if (original.protocol() == Protocol.SCTP) {
            flow.set(Attribute.SCTP_STATE, random.nextInt(10));
            flow.set(Attribute.SCTP_VTAG_ORIGINAL, random.nextInt() & 0xffff_ffffL);
            flow.set(Attribute.SCTP_VTAG_REPLY, random.nextInt() & 0xffff_ffffL);
        }
        if (original.protocol() == Protocol.DCCP) {
            flow.set(Attribute.DCCP_STATE, random.nextInt(10)).set(Attribute.DCCP_ROLE, random.nextInt(2));
            flow.set(Attribute.DCCP_HANDSHAKE_SEQUENCE, random.nextLong() >>> 16);
        }
        if (random.nextBoolean()) {
            flow.mark(random.nextInt());
        }
        if (random.nextInt(3) == 0) {
            flow.zone(1 + random.nextInt(65535));
        }
        if (random.nextInt(3) == 0 && Protocol.hasPorts(original.protocol())) {
            flow.sourceNat(target(random, family));
        }
        if (random.nextInt(3) == 0 && Protocol.hasPorts(original.protocol())) {
            flow.destinationNat(target(random, family));
        }
        if (random.nextInt(4) == 0) {
            flow.master(tuple(random, family));
        }
        if (random.nextInt(4) == 0) {
            flow.helper("helper-" + random.nextInt(100)).labels(new int[] {random.nextInt(), random.nextInt()});
        }
        if (random.nextInt(4) == 0) {
            flow.originalAdjustment(new SequenceAdjustment(random.nextInt(), random.nextInt(), random.nextInt()));
            flow.replyAdjustment(new SequenceAdjustment(random.nextInt(), random.nextInt(), random.nextInt()));
            flow.synProxy(new SynProxy(random.nextInt(), random.nextInt(), random.nextInt()));
        }
        return flow.build();
    }

    /** What a create of this flow says: the mirrored reply tuple, the transferable status, the given timeout. */
    private static Flow asCreated(Flow flow, long timeout) {
        FlowBuilder expected = flow.toBuilder()
                .reply(flow.original().inverted())
                .status(ConntrackEncoder.statusForCreate(flow.status()))
                .timeoutSeconds(timeout);
        if (flow.original().protocol() == Protocol.TCP) {
            expected.set(Attribute.TCP_FLAGS_ORIGINAL, 0x0808).set(Attribute.TCP_FLAGS_REPLY, 0x0808);
        }
        return expected.build();
    }

    @Property(tries = 2000)
    void aCreateMessageDecodesToTheFlowItWasMadeFrom(@ForAll("flows") Flow flow) {
        ByteBuf message = Unpooled.buffer();
        encoder.create(message, 77, true, flow, 600);
        assertThat(message.readableBytes()).isLessThanOrEqualTo(ConntrackEncoder.MAX_MESSAGE_OCTETS);

        decoder.begin(message);
        assertThat(decoder.next()).isTrue();
        assertThat(decoder.kind()).isEqualTo(MessageKind.NEW);
        assertThat(decoder.sequence()).isEqualTo(77);
        assertThat(decoder.family()).isEqualTo(flow.original().family().number());
        assertThat(decoder.flow()).isEqualTo(asCreated(flow, 600));
        assertThat(decoder.next()).isFalse();
        assertThat(decoder.unknownAttributeCount()).isZero();
    }

    @Property(tries = 500)
    void aTranslatedDumpAndItsSyncMessageMakeTheSameCreate(@ForAll("flows") Flow flow) {
        Tuple translated = NatMapping.translatedReply(flow);
        int bits =
                (flow.sourceNat() != null ? Status.SRC_NAT : 0) | (flow.destinationNat() != null ? Status.DST_NAT : 0);
        Flow dumped = flow.toBuilder()
                .sourceNat(null)
                .destinationNat(null)
                .reply(translated)
                .status(flow.status() & ~(Status.SRC_NAT | Status.DST_NAT) | bits)
                .build();
        assertThat(NatMapping.translatedReply(dumped)).isEqualTo(translated);
    }

    @Property(tries = 500)
    void theWorstFlowFitsTheMessageBound(@ForAll("flows") Flow flow) {
        Flow worst = flow.toBuilder()
                .helper("x".repeat(1000))
                .labels(new int[64])
                .sourceNat(new NatTarget(new IpAddress(Family.IPV6, 1, 1), 1))
                .build();
        ByteBuf message = Unpooled.buffer();
        encoder.create(message, 1, true, worst, Long.MAX_VALUE);
        assertThat(message.readableBytes()).isLessThanOrEqualTo(ConntrackEncoder.MAX_MESSAGE_OCTETS);
    }

    /** Bad input: good messages, each with a few octets changed, cut or lengthened; and good ones in between. */
    @Example
    void mutatedMessagesNeverThrowAndHitEveryReason() {
        Random random = new Random(20_261_122);
        ByteBuf message = Unpooled.buffer(4096);
        for (int i = 0; i < ROUNDS; i++) {
            message.clear();
            if (i % 4 == 0) {
                ExpectationEncoder.create(message, i, true, Expectations.any(random), 600);
                message.setShortLE(4, random.nextBoolean() ? 0x0200 : 0x0202);
            } else {
                encoder.create(message, i, true, i % 50 == 0 ? mixed(random) : flow(random), 600);
            }
            mutate(message, random);
            decoder.begin(message);
            while (decoder.next()) {
                if (decoder.kind().hasFlow()) {
                    assertThat(decoder.flow().toString()).isNotEmpty();
                } else if (decoder.kind().hasExpectation()) {
                    assertThat(decoder.expectation().toString()).isNotEmpty();
                } else {
                    assertThat(decoder.malformed() != null).isEqualTo(decoder.kind() == MessageKind.MALFORMED);
                }
            }
            if (i % 100 == 0) {
                Flow good = flow(random);
                message.clear();
                encoder.create(message, i, true, good, 600);
                decoder.begin(message);
                assertThat(decoder.next()).isTrue();
                assertThat(decoder.flow()).as("a good one in between").isEqualTo(asCreated(good, 600));
            }
        }
        EnumSet<MalformedReason> missed = EnumSet.noneOf(MalformedReason.class);
        for (MalformedReason reason : MalformedReason.values()) {
            if (decoder.malformedCount(reason) == 0) {
                missed.add(reason);
            }
        }
        assertThat(missed).as("reasons never hit").isEmpty();
        assertThat(decoder.unknownAttributeCount()).isPositive();
        assertThat(decoder.decodedCount()).as("some survive").isPositive();
    }

    private static Flow mixed(Random random) {
        return Flow.builder(tuple(random, Family.IPV4))
                .master(tuple(random, Family.IPV6))
                .build();
    }

    private static void mutate(ByteBuf message, Random random) {
        int length = message.writerIndex();
        switch (random.nextInt(6)) {
            case 0 -> message.writerIndex(random.nextInt(length));
            case 1 -> message.setIntLE(0, random.nextInt(length + 8));
            case 2 -> message.setShortLE(20 + 4 * random.nextInt((length - 20) / 4), random.nextInt(64));
            case 3 -> {
                message.setShortLE(4, 2 + random.nextInt(2));
                message.setIntLE(0, 16 + random.nextInt(8));
            }
            case 4 -> message.setShortLE(4, random.nextBoolean() ? 0x0102 : random.nextInt(65536));
            default -> message.setShortLE(22 + 4 * random.nextInt((length - 20) / 4), random.nextInt(30));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            message.setByte(random.nextInt(Math.max(1, length)), random.nextInt(256));
        }
        if (random.nextInt(20) == 0) {
            message.setIntLE(0, 16);
            message.setShortLE(4, random.nextBoolean() ? 0x0100 : 0x0200);
        }
    }
}
