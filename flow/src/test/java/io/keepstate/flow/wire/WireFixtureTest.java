// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.ExpectationBuilder;
import io.keepstate.flow.FlowBuilder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pairs of octets and meaning, both ways; one attribute a line. Most octets are what conntrackd 1.4.7 sent, one pair
 * for every combination of attributes seen; for attributes that need rarer kernels, what its source order gives. The
 * directories of older releases show what they have otherwise, that of expectations has one form for all.
 */
class WireFixtureTest {
    private static final WireOptions EVERYTHING = new WireOptions(true, true);

    static List<String> fixtures() throws IOException, URISyntaxException {
        return fixtures("");
    }

    static List<String> olderFixtures() throws IOException, URISyntaxException {
        List<String> fixtures = new ArrayList<>();
        for (String release : List.of("1.4.2/", "1.4.4/", "1.4.5/")) {
            fixtures.addAll(fixtures(release));
        }
        return fixtures;
    }

    static List<String> expectationFixtures() throws IOException, URISyntaxException {
        return fixtures("expectation/");
    }

    private static List<String> fixtures(String directory) throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(directory().resolve(directory))) {
            return files.map(file -> directory + file.getFileName())
                    .filter(name -> name.endsWith(".hex"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void octetsMeanTheTextAndAreWrittenAgainAsTheyWere(String name) throws Exception {
        bothWays(name, WireProfile.V1_4_7);
    }

    @ParameterizedTest
    @MethodSource("olderFixtures")
    void soDoThoseOfOlderReleases(String name) throws Exception {
        bothWays(name, WireProfile.ofRelease(name.substring(0, name.indexOf('/'))));
    }

    private static void bothWays(String name, WireProfile profile) throws Exception {
        ByteBuf payload = octets(name);
        FlowBuilder builder = new FlowBuilder();

        assertThat(new FlowDecoder(profile).decode(payload, builder)).isNull();

        assertThat(FlowDescription.of(builder.build())).isEqualTo(read(name + ".txt"));
        ByteBuf again = Unpooled.buffer();
        assertThat(new FlowEncoder(profile, EVERYTHING).encode(builder.build(), again))
                .isNull();
        assertThat(ByteBufUtil.hexDump(again)).isEqualTo(ByteBufUtil.hexDump(payload));
    }

    @ParameterizedTest
    @MethodSource("expectationFixtures")
    void soDoThoseOfExpectations(String name) throws Exception {
        ByteBuf payload = octets(name);
        ExpectationBuilder builder = new ExpectationBuilder();

        assertThat(new ExpectationDecoder().decode(payload, builder)).isNull();

        assertThat(builder.build() + "\n").isEqualTo(read(name + ".txt"));
        ByteBuf again = Unpooled.buffer();
        assertThat(new ExpectationEncoder(EVERYTHING).encode(builder.build(), again))
                .isNull();
        assertThat(ByteBufUtil.hexDump(again)).isEqualTo(ByteBufUtil.hexDump(payload));
    }

    @Test
    void everyAttributeHasAFixture() throws Exception {
        assertThat(seen(fixtures(), WireProfile.V1_4_7.highestAttribute())).doesNotContain(false);
        assertThat(seen(expectationFixtures(), WireExpectationAttribute.FN)).doesNotContain(false);
    }

    private static boolean[] seen(List<String> fixtures, int highest) throws Exception {
        boolean[] seen = new boolean[highest + 1];
        for (String name : fixtures) {
            read(name + ".hex")
                    .lines()
                    .forEach(attribute -> seen[Integer.parseInt(attribute.substring(4, 8), 16)] = true);
        }
        return seen;
    }

    static ByteBuf octets(String name) throws IOException, URISyntaxException {
        return Unpooled.wrappedBuffer(
                ByteBufUtil.decodeHexDump(read(name + ".hex").replace("\n", "")));
    }

    private static Path directory() throws URISyntaxException {
        return Path.of(WireFixtureTest.class.getResource("tcp6.hex").toURI()).getParent();
    }

    private static String read(String file) throws IOException, URISyntaxException {
        return Files.readString(directory().resolve(file));
    }
}
