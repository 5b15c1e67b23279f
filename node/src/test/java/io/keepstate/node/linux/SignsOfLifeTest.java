// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignsOfLifeTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    /** A lease of 2 s, so 1.3 s of patience. */
    private static final List<VirtualRouterConfig> FAST = routers(Duration.ofMillis(100));
    /** A lease of 37 s, so 24.6 s of patience. */
    private static final List<VirtualRouterConfig> SLOW = routers(Duration.ofSeconds(10));

    private long now = System.nanoTime();

    private static List<VirtualRouterConfig> routers(Duration interval) {
        return List.of(VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .virtualRouterId(51)
                .interval(interval)
                .address("192.0.2.100/24")
                .build());
    }

    private boolean isAliveAfter(SignsOfLife signs, long stillNanos) {
        signs.syncTurned(now);
        now += stillNanos;
        return signs.isSyncAlive(now);
    }

    @Test
    void patience_is_two_thirds_of_the_shortest_lease() {
        SignsOfLife signs = new SignsOfLife(true, List.of(FAST.get(0), SLOW.get(0)));
        assertThat(isAliveAfter(signs, 1_300 * MILLI)).isTrue();
        assertThat(isAliveAfter(signs, 1_400 * MILLI)).isFalse();
    }

    @Test
    void patience_follows_a_configuration_with_shorter_leases_from_its_announcement_on() {
        SignsOfLife signs = new SignsOfLife(true, SLOW);
        assertThat(isAliveAfter(signs, 24 * SECOND)).isTrue();
        signs.expect(FAST, now);
        assertThat(signs.isSyncAlive(now)).as("it has just spoken").isTrue();
        assertThat(isAliveAfter(signs, 2 * SECOND)).isFalse();
        signs.follow(FAST);
        assertThat(isAliveAfter(signs, 2 * SECOND)).isFalse();
    }

    @Test
    void patience_follows_a_configuration_with_longer_leases_when_all_routers_have_it() {
        SignsOfLife signs = new SignsOfLife(true, FAST);
        signs.expect(SLOW, now);
        assertThat(isAliveAfter(signs, 2 * SECOND)).isFalse();
        signs.follow(SLOW);
        assertThat(isAliveAfter(signs, 2 * SECOND)).isTrue();
        assertThat(isAliveAfter(signs, 25 * SECOND)).isFalse();
    }

    @Test
    void without_leases_patience_has_no_end() {
        SignsOfLife signs = new SignsOfLife(false, FAST);
        signs.follow(FAST);
        assertThat(isAliveAfter(signs, 1_000 * SECOND)).isTrue();
    }
}
