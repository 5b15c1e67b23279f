// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages recorded from a 6.18 kernel by {@code RecordFixturesKernelIT}, each beside what it says. */
class FixtureTest {
    private static final Path FIXTURES = Path.of("src/test/resources/ctnetlink");

    static Stream<Path> messages() throws IOException {
        return Files.list(FIXTURES)
                .filter(path -> path.toString().endsWith(".hex"))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aRecordedMessageSaysWhatItsListingSays(Path hex) throws IOException {
        ConntrackDecoder decoder = new ConntrackDecoder();
        decoder.begin(Unpooled.wrappedBuffer(
                ByteBufUtil.decodeHexDump(Files.readString(hex).replaceAll("\\s", ""))));
        assertThat(decoder.next()).isTrue();
        Path listing = hex.resolveSibling(hex.getFileName().toString().replace(".hex", ".txt"));
        assertThat(FlowListing.of(decoder)).isEqualTo(Files.readString(listing));
        assertThat(decoder.next()).isFalse();
    }
}
