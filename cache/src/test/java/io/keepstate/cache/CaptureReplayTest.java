// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.text.CacheLine;
import io.keepstate.flow.text.FlowXml;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.WireProfile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What conntrackd 1.4.7 sent in whole sessions, replayed; and what the conntrackd at the other end printed of its
 * external cache then. TCP in all states, UDP, ICMP, ICMPv6 and SCTP, IPv4 with NAT and IPv6.
 */
class CaptureReplayTest {
    private final FlowDecoder decoder = new FlowDecoder(WireProfile.V1_4_7);
    private final ExternalCache cache = new ExternalCache(ExternalCacheConfig.DEFAULT, decoder);

    @ParameterizedTest
    @ValueSource(strings = {"csum-on", "csum-off", "mcast", "tcpwindow", "resync"})
    void aReplayedSessionGivesTheCacheThatConntrackdHad(String capture) throws IOException {
        replay(capture);

        assertThat(decoder.refused()).isZero();
        List<String> expected = lines(capture + ".external.txt").stream()
                .map(CaptureReplayTest::withoutAge)
                .toList();
        assertThat(expected).hasSizeGreaterThan(40);
        assertThat(dump(entry -> withoutAge(CacheLine.format(entry.flow(), entry.activeSeconds(0)))))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(dump(entry -> FlowXml.format(entry.flow())))
                .containsExactlyInAnyOrderElementsOf(lines(capture + ".external.xml"));
    }

    @Test
    void theCountersAreThoseConntrackdHad() throws IOException {
        replay("csum-on");

        assertThat(cache.size()).isEqualTo(52);
        assertThat(cache.stats().created()).isEqualTo(53);
        assertThat(cache.stats().updated()).isEqualTo(100);
        assertThat(cache.stats().destroyed()).isEqualTo(1);
        assertThat(cache.stats().createFailed()).isZero();
    }

    private void replay(String capture) throws IOException {
        for (String line : lines(capture + ".messages")) {
            String[] parts = line.split(" ");
            ByteBuf payload = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(parts[1]));
            cache.onMessage(Integer.parseInt(parts[0]), payload, 0);
        }
    }

    private List<String> dump(java.util.function.Function<CacheEntry, String> form) {
        List<String> out = new ArrayList<>();
        Cursor cursor = new Cursor();
        while (!cursor.isDone()) {
            cache.forEachEntry(cursor, 7, entry -> out.add(form.apply(entry)));
        }
        return out;
    }

    private static String withoutAge(String line) {
        return line.replaceFirst(" \\[active since \\d+s]$", "");
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = CaptureReplayTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
