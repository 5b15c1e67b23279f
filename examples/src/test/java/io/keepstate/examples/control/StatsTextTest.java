// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** To the octet what conntrackd 1.4.7 printed in a private network namespace. */
class StatsTextTest {
    private static final List<StatsText.Cache> CACHES = List.of(
            new StatsText.Cache("internal", 0, 0, 0, 0, 0, 0, 0, 0, 0),
            new StatsText.Cache("external", 0, 0, 0, 0, 0, 0, 0, 0, 0));
    private static final StatsText.Link LINK =
            new StatsText.Link("UDP", Optional.empty(), "eth2", "RUNNING", true, 8, 0, 1, 0, 0, 0);
    private static final StatsText.Messages MESSAGES = new StatsText.Messages(0, 0, 0, 0, 0, 0, 0, 0);

    private static String sides(List<StatsText.Cache> caches) {
        return caches.stream().map(StatsText::cache).collect(Collectors.joining());
    }

    @Test
    void withDisabledCachesWhatWentPastThemIsCounted() {
        assertThat(StatsText.bypass(new StatsText.Bypass(2, 1, 0))).isEqualTo("""
                internal bypass:
                connections new:\t\t           2
                connections updated:\t\t           1
                connections destroyed:\t\t           0

                """);
        assertThat(StatsText.injected(new StatsText.Injected(2, 1, 3, 1, 1, 0))).isEqualTo("""
                external inject:
                connections created:\t\t           2\tfailed:\t           1
                connections updated:\t\t           3\tfailed:\t           1
                connections destroyed:\t\t           1\tfailed:\t           0

                """);
    }

    @Test
    void summary() throws IOException {
        assertThat(StatsText.summary(sides(CACHES), new StatsText.Traffic(0, 0), LINK, MESSAGES))
                .isEqualTo(captured("summary"));
    }

    @Test
    void network() throws IOException {
        assertThat(StatsText.network(LINK, MESSAGES)).isEqualTo(captured("network"));
    }

    @Test
    void cache() throws IOException {
        assertThat(StatsText.caches(CACHES)).isEqualTo(captured("cache"));
    }

    @Test
    void runtime() throws IOException {
        assertThat(StatsText.runtime(
                        new StatsText.RuntimeCounters(Duration.ofSeconds(59), 0, 0, 0, 0, 0, 0, 0, 0, 2_097_152, 0, 0)))
                .isEqualTo(captured("runtime"));
    }

    @Test
    void link() throws IOException {
        assertThat(StatsText.links(List.of(LINK))).isEqualTo(captured("link"));
    }

    @Test
    void otherTransportsAndTheLinksThatWait() {
        StatsText.Link tcp = new StatsText.Link(
                "TCP", Optional.of(new StatsText.Connections(false, true)), "eth2", "RUNNING", true, 0, 0, 0, 0, 0, 0);
        StatsText.Link group =
                new StatsText.Link("multicast", Optional.empty(), "eth3", "NO-CARRIER", false, 8, 0, 1, 0, 0, 0);
        assertThat(StatsText.network(tcp, MESSAGES))
                .contains("\nTCP traffic (active device=eth2) server=disconnected client=connected:\n");
        assertThat(StatsText.network(group, MESSAGES)).contains("\nmulticast traffic (active device=eth3):\n");
        assertThat(StatsText.links(List.of(tcp, group)))
                .contains("TCP traffic device=eth2 status=RUNNING role=ACTIVE:\n")
                .contains("multicast traffic device=eth3 status=NO-CARRIER role=BACKUP:\n");
    }

    @Test
    void queue() throws IOException {
        assertThat(StatsText.queues(
                        0,
                        List.of(
                                new StatsText.Queue("txqueue", 0, Integer.MAX_VALUE, 0),
                                new StatsText.Queue("errorq", 0, 128, 0),
                                new StatsText.Queue("rsqueue", 0, 131_072, 0))))
                .isEqualTo(captured("queue"));
    }

    /** As conntrackd 1.4.7 printed it. */
    @Test
    void resendQueue() {
        assertThat(StatsText.resendQueue(
                        List.of(StatsText.unacknowledged(1795356690, 0), StatsText.unacknowledged(-2, 8))))
                .isEqualTo("resent queue (len=2)\nobject -> seq:1795356690\ncontrol -> seq:4294967294 flags:8\n");
        assertThat(StatsText.resendQueue(List.of())).isEqualTo("resent queue (len=0)\n");
    }

    @Test
    void numbersFillTheirColumns() {
        assertThat(StatsText.summary(
                        StatsText.cache(new StatsText.Cache("internal", 8, 8, 9, 1, 2, 0, 0, 1, 0)),
                        new StatsText.Traffic(0, 0),
                        LINK,
                        MESSAGES))
                .startsWith("cache internal:\ncurrent active connections:\t           8\n"
                        + "connections created:\t\t           9\tfailed:\t           3\n");
    }

    private static String captured(String name) throws IOException {
        try (InputStream in = StatsTextTest.class.getResourceAsStream("stats-" + name + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
