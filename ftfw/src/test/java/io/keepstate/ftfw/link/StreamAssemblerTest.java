// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.ftfw.NetHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamAssemblerTest {
    private final StreamAssembler assembler = new StreamAssembler();
    private final List<String> messages = new ArrayList<>();

    private boolean feed(ByteBuf octets) {
        assembler.room().writeBytes(octets);
        return assembler.deliver(this::split);
    }

    /** What is handed over holds whole messages only. */
    private void split(ByteBuf some) {
        int at = some.readerIndex();
        while (at < some.writerIndex()) {
            int length = NetHeader.length(some, at);
            messages.add(ByteBufUtil.hexDump(some, at, length));
            at += length;
        }
        assertThat(at).isEqualTo(some.writerIndex());
    }

    private static ByteBuf message(int sequence, int payload) {
        ByteBuf out = Unpooled.buffer();
        NetHeader.write(out, NetHeader.CT_NEW, 0, NetHeader.LENGTH + payload, sequence);
        return out.writeZero(payload);
    }

    @Test
    void messagesComeOutWholeHoweverTheStreamIsCut() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            messages.clear();
            assembler.reset();
            List<String> sent = new ArrayList<>();
            ByteBuf stream = Unpooled.buffer();
            for (int i = 0; i < 100; i++) {
                ByteBuf message =
                        message(i, random.nextInt(20) == 0 ? NetHeader.MAX_PAYLOAD_LENGTH : random.nextInt(300));
                sent.add(ByteBufUtil.hexDump(message));
                stream.writeBytes(message);
            }
            while (stream.isReadable()) {
                int size = random.nextInt(4) == 0 ? 1 + random.nextInt(9) : 1 + random.nextInt(6000);
                assertThat(feed(stream.readSlice(Math.min(size, stream.readableBytes()))))
                        .isTrue();
            }
            assertThat(messages).as("seed %d", seed).isEqualTo(sent);
            assertThat(assembler.pending()).isZero();
        }
    }

    @Test
    void whatIsNoHeadOfAMessageEndsTheStream() {
        ByteBuf[] bad = {
            header(1, NetHeader.CT_NEW, 0),
            header(1, NetHeader.CT_NEW, 7),
            header(1, NetHeader.CT_NEW, NetHeader.LENGTH + NetHeader.MAX_PAYLOAD_LENGTH + 1),
            header(1, 6, 8),
            header(1, NetHeader.CT_NEW, 8).setByte(0, 0x20),
        };
        for (ByteBuf head : bad) {
            messages.clear();
            assembler.reset();
            assertThat(feed(message(0, 20))).isTrue();
            assertThat(feed(head.slice(0, 7))).isTrue();
            assertThat(feed(head.slice(7, 1))).isFalse();
            assertThat(messages).containsExactly(ByteBufUtil.hexDump(message(0, 20)));
        }
    }

    private static ByteBuf header(int sequence, int type, int length) {
        ByteBuf out = Unpooled.buffer();
        NetHeader.write(out, type, 0, length, sequence);
        return out;
    }

    /** The rest of a write in part is missing: the message it cut off would be filled up with what follows. */
    @Test
    void aMessageThatWasCutOffIsNeverHandedOver() {
        for (int cut = 1; cut < 80; cut++) {
            messages.clear();
            assembler.reset();
            ByteBuf stream = Unpooled.buffer();
            for (int i = 0; i < 5; i++) {
                ByteBuf message = message(i, 72);
                message.setZero(NetHeader.LENGTH, 72);
                stream.writeBytes(i == 2 ? message.slice(0, cut) : message);
            }
            boolean followed = feed(stream);
            assertThat(followed).as("cut at %d", cut).isFalse();
            assertThat(messages).as("cut at %d", cut).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void numbersWrapAndMayJumpButNeverGoBack() {
        assertThat(feed(message(-1, 4))).isTrue();
        assertThat(feed(message(0, 4))).isTrue();
        assertThat(feed(message(200_000, 4))).isTrue();
        assertThat(feed(message(200_000, 4))).isFalse();
        assertThat(messages).hasSize(3);
    }

    @Test
    void halfAMessageOfAnEndedConnectionDoesNotSpoilTheNext() {
        feed(message(1, 100).slice(0, 50));
        assertThat(assembler.pending()).isEqualTo(50);
        assembler.reset();
        assertThat(feed(message(2, 0))).isTrue();
        assertThat(messages).containsExactly(ByteBufUtil.hexDump(message(2, 0)));
    }
}
