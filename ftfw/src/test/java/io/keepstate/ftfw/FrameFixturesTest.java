// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams of conntrackd 1.4.7, as captured: octets to text, and text to the same octets. */
class FrameFixturesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello-alive",
                "hello-and-hello-back",
                "new-with-hello-back",
                "ack",
                "nack-with-hello",
                "ack-with-hello",
                "ack-then-nack",
                "controls-and-resent-updates",
                "resync-request",
                "bulk-full-datagram",
                "bulk-of-new",
                "restart-in-mid-stream",
                "alive",
                "delete",
                "expectation-new",
                "two-updates"
            })
    void aCapturedDatagramDecodesToItsTextAndItsTextEncodesToTheSameOctets(String name) {
        String hex = read(name + ".hex").replaceAll("\\s", "");
        String text = read(name + ".txt");
        ByteBuf datagram = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));

        assertThat(Frames.text(datagram)).isEqualTo(text);
        ByteBuf encoded = Frames.datagram(text.lines().toArray(String[]::new));
        assertThat(ByteBufUtil.hexDump(encoded)).isEqualTo(hex);
    }

    @ParameterizedTest
    @ValueSource(strings = {"capture-loss.txt", "capture-resync.txt"})
    void everyDatagramOfAWholeConversationIsWellFormedAndEncodesToTheSameOctets(String name) {
        for (String line : read(name).lines().toList()) {
            String hex = line.split(" ")[1];
            String text = Frames.text(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
            assertThat(ByteBufUtil.hexDump(Frames.datagram(text.lines().toArray(String[]::new))))
                    .isEqualTo(hex);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"capture-loss.txt", "capture-resync.txt"})
    void aSessionTakesAWholeConversationWithoutAReject(String name) {
        ObjectNode node = new ObjectNode(FtfwConfig.defaults(), 1);
        List<String> datagrams = new ArrayList<>(read(name).lines().toList());
        datagrams.removeIf(line -> !line.startsWith("1 "));
        for (String line : datagrams) {
            node.receive(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(line.split(" ")[1])));
        }
        FtfwStats stats = node.session.stats();
        assertThat(stats.malformed()).isEqualTo(stats.rejected(RejectReason.MALFORMED_PAYLOAD));
        assertThat(stats.lost()).isZero(); // the capture holds all that this side sent
        assertThat(stats.dataReceived()).isPositive();
    }

    private static String read(String name) {
        try (InputStream in = FrameFixturesTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
