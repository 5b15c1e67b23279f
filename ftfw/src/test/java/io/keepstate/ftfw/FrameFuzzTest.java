// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever arrives, nothing is thrown, and what is good is used. */
class FrameFuzzTest {
    private static final long SEED = 20_261_122L;
    private static final int BAD = Boolean.getBoolean("keepstate.long") ? 10_000_000 : 100_000;
    private static final int GOOD = 1_000;

    private final Random random = new Random(SEED);

    @Test
    void goodMessagesAmongAHundredThousandBadOnesAreAllApplied() {
        ObjectNode node = ObjectNode.established(FtfwConfig.defaults());
        int sequence = 1002;
        for (int good = 0; good < GOOD; good++) {
            for (int i = 0; i < BAD / GOOD; i++) {
                node.receive(unacceptable());
            }
            node.receive(ObjectNode.message("CT_NEW", sequence++, good, 1));
            node.after(1_000_000);
            node.sent.clear();
        }
        assertThat(node.external).hasSize(GOOD);
        FtfwStats stats = node.session.stats();
        assertThat(stats.lost()).isZero();
        for (RejectReason reason : RejectReason.values()) {
            if (reason != RejectReason.MALFORMED_PAYLOAD) { // its number would be accepted; tested elsewhere
                assertThat(stats.rejected(reason)).as(reason.name()).isPositive();
            }
        }
    }

    /** A datagram without a single message that may be accepted. */
    private ByteBuf unacceptable() {
        while (true) {
            ByteBuf datagram = random.nextBoolean() ? noise() : mutation();
            FrameReader reader = new FrameReader();
            reader.wrap(datagram);
            boolean good = false;
            while (reader.next()) {
                good |= reader.rejected() == null;
            }
            if (!good) {
                return datagram;
            }
        }
    }

    private ByteBuf noise() {
        byte[] octets = new byte[random.nextInt(100)];
        random.nextBytes(octets);
        if (octets.length > 8 && random.nextBoolean()) {
            octets[0] = (byte) (0x10 | random.nextInt(16)); // closer to a header, to get deeper
            octets[2] = 0;
            octets[3] = (byte) random.nextInt(octets.length + 4);
        }
        return Unpooled.wrappedBuffer(octets);
    }

    private ByteBuf mutation() {
        ByteBuf datagram = switch (random.nextInt(4)) {
            case 0 -> Frames.datagram("CT_NEW seq=1002");
            case 1 -> Frames.datagram("ACK seq=1002 from=9 to=8");
            case 2 -> Frames.datagram("NACK seq=1002 HELLO from=8 to=9");
            default -> Frames.datagram("ALIVE seq=1002 HELLO");
        };
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            datagram.setByte(random.nextInt(datagram.writerIndex()), random.nextInt(256));
        }
        return random.nextInt(4) == 0 ? datagram.slice(0, random.nextInt(datagram.writerIndex())) : datagram;
    }

    @Test
    void randomAndMutatedDatagramsNeverThrowWhateverTheyDoToTheSession() {
        ObjectNode node = ObjectNode.established(FtfwConfig.defaults().withResendQueueSize(64));
        for (int i = 0; i < BAD; i++) {
            node.receive(random.nextBoolean() ? noise() : mutation());
            if (i % 10 == 0) {
                node.put(i % 50);
                node.after(random.nextInt(200_000_000));
                node.sent.clear();
                node.clear();
            }
        }
        FtfwStats stats = node.session.stats();
        assertThat(stats.txObjects() + stats.rsObjects()).isLessThanOrEqualTo(50);
        assertThat(stats.rsControls()).isLessThanOrEqualTo(1024);
        assertThat(stats.txControls()).isLessThanOrEqualTo(1024);
    }
}
