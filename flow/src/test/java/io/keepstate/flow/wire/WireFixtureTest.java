// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.FlowBuilder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pairs of octets and meaning, both ways. The octets are what conntrackd 1.4.7 sent, one pair for every combination of
 * attributes seen, and, for attributes that need rarer kernels, what its source order gives; one attribute a line.
 */
class WireFixtureTest {
    private static final WireOptions EVERYTHING = new WireOptions(true, true);

    static List<String> fixtures() throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".hex"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void octetsMeanTheTextAndAreWrittenAgainAsTheyWere(String name) throws Exception {
        ByteBuf payload = Unpooled.wrappedBuffer(
                ByteBufUtil.decodeHexDump(read(name + ".hex").replace("\n", "")));
        FlowBuilder builder = new FlowBuilder();

        MalformedPayload refused = new FlowDecoder(WireProfile.V1_4_7).decode(payload, builder);

        assertThat(refused).isNull();
        assertThat(FlowDescription.of(builder.build())).isEqualTo(read(name + ".txt"));
        ByteBuf again = Unpooled.buffer();
        Unprotected withheld = new FlowEncoder(WireProfile.V1_4_7, EVERYTHING).encode(builder.build(), again);
        assertThat(withheld).isNull();
        assertThat(ByteBufUtil.hexDump(again)).isEqualTo(ByteBufUtil.hexDump(payload));
    }

    @Test
    void everyAttributeHasAFixture() throws Exception {
        boolean[] seen = new boolean[WireProfile.V1_4_7.highestAttribute() + 1];
        for (String name : fixtures()) {
            read(name + ".hex")
                    .lines()
                    .forEach(attribute -> seen[Integer.parseInt(attribute.substring(4, 8), 16)] = true);
        }
        assertThat(seen).doesNotContain(false);
    }

    private static Path directory() throws URISyntaxException {
        return Path.of(WireFixtureTest.class.getResource("tcp6.hex").toURI()).getParent();
    }

    private static String read(String file) throws IOException, URISyntaxException {
        return Files.readString(directory().resolve(file));
    }
}
