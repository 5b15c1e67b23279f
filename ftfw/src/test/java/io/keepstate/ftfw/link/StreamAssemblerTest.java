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
    void aLengthThatNoMessageHasEndsTheStreamAndIsHandedOverToBeCounted() {
        List<String> rest = new ArrayList<>();
        for (int length : new int[] {0, 7, NetHeader.LENGTH + NetHeader.MAX_PAYLOAD_LENGTH + 1, 0xffff}) {
            rest.clear();
            ByteBuf bad = Unpooled.buffer();
            NetHeader.write(bad, NetHeader.CT_NEW, 0, length, 1);
            assembler.room().writeBytes(bad, 0, 5);
            assertThat(assembler.deliver(some -> rest.add(ByteBufUtil.hexDump(some))))
                    .isTrue();
            assembler.room().writeBytes(bad, 5, 3);
            assertThat(assembler.deliver(some -> rest.add(ByteBufUtil.hexDump(some))))
                    .isFalse();
            assertThat(rest).containsExactly(ByteBufUtil.hexDump(bad));
            assertThat(assembler.pending()).isZero();
        }
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
