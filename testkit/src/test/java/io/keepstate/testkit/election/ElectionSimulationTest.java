// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Two to 16 routers, or sync groups on two segments, through loss, delay, one-way partitions, restarts, stalls: what
 * {@link Election} derives is what happens. 200 seeds; 20 000 with {@code keepstate.long}. A failing seed leaves its script in
 * {@code target/elections}: it goes to {@code src/test/resources/scenarios} with the mistake it found.
 */
class ElectionSimulationTest {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final int SEEDS = LONG ? 20_000 : 200;
    /** {@code -Dkeepstate.seed=N} plays that one alone. */
    private static final Integer ONE = Integer.getInteger("keepstate.seed");

    private static final Path SCRIPTS = Path.of("target/elections");
    private static final Path PROOF = Path.of("target/proof/election-simulation.md");

    @Test
    void a_connected_segment_has_one_active_router_and_never_two_for_long() throws IOException {
        long transitions = 0;
        long longest = 0;
        double share = 0;
        int[] seeds =
                ONE != null ? new int[] {ONE} : IntStream.rangeClosed(1, SEEDS).toArray();
        for (int seed : seeds) {
            Election election = ElectionGenerator.of(seed);
            ElectionWatch.Outcome outcome = ElectionWatch.play(election);
            if (!outcome.violations().isEmpty()) {
                Files.createDirectories(SCRIPTS);
                Files.writeString(SCRIPTS.resolve("seed-" + seed + ".vrrp"), election.script());
            }
            assertThat(outcome.violations())
                    .as("seed %d of %d; script in %s", seed, seeds.length, SCRIPTS)
                    .isEmpty();
            transitions += outcome.transitions();
            longest = Math.max(longest, outcome.longestOverlapNanos());
            share = Math.max(share, (double) outcome.longestOverlapNanos() / election.overlapBoundNanos());
        }
        // A simulation in which nothing happens proves nothing.
        assertThat(transitions).isGreaterThan(10L * seeds.length);
        if (LONG) {
            Files.createDirectories(PROOF.getParent());
            Files.writeString(
                    PROOF,
                    String.format(
                            Locale.ROOT,
                            "| elections | seeds | transitions | longest time with two active, in quiet | of the bound |%n"
                                    + "|---|---|---|---|---|%n| simulated | 1 to %d | %d | %.1f ms | %.0f %% |%n",
                            SEEDS,
                            transitions,
                            longest / 1e6,
                            100 * share));
        }
    }

    @Test
    void the_same_seed_gives_the_same_election() {
        assertThat(ElectionGenerator.of(7)).isEqualTo(ElectionGenerator.of(7));
        assertThat(ElectionWatch.play(ElectionGenerator.of(7))).isEqualTo(ElectionWatch.play(ElectionGenerator.of(7)));
    }
}
