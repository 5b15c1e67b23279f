// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.testkit.LinkFaults;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What two of our sessions promise each other, whatever the link does. */
class ReliabilityProperties {
    private static final long SECOND = LinkSimulation.SECOND;
    private static final long MILLI = LinkSimulation.MILLI;
    private static final FtfwConfig CONFIG = FtfwConfig.defaults();

    private static LinkSimulation ours(long seed, FtfwConfig config) {
        return new LinkSimulation(
                seed, second -> new FtfwSession(config, second), second -> new FtfwSession(config, second));
    }

    @Property
    void afterQuietBothSidesKnowEachOthersLastVersions(
            @ForAll long seed,
            @ForAll @DoubleRange(max = 0.2) double loss,
            @ForAll @DoubleRange(max = 0.05) double duplication,
            @ForAll @LongRange(min = 1, max = 30) long jitterMillis,
            @ForAll @IntRange(min = 1, max = 400) int operations) {
        LinkSimulation link = ours(seed, CONFIG.withAckWindowSize(1 + (int) (Math.abs(seed % 300))));
        link.segment.faults(new LinkFaults(loss, duplication, MILLI / 10, jitterMillis * MILLI));
        link.a.start();
        link.agenda.in(link.random.nextLong(3 * SECOND), link.b::start);
        link.churn(link.a, operations, 12 * SECOND, 60);
        link.churn(link.b, operations / 4, 12 * SECOND, 60);
        link.run(12 * SECOND);
        link.quiet(40 * SECOND);
        assertThat(link.isConverged()).withFailMessage(link::difference).isTrue();
    }

    @Property
    void crashesAndPartitionsAreRepairedToo(
            @ForAll long seed,
            @ForAll @DoubleRange(max = 0.2) double loss,
            @ForAll @IntRange(min = 1, max = 4) int crashes) {
        LinkSimulation link = ours(seed, CONFIG);
        link.segment.faults(new LinkFaults(loss, 0.01, MILLI / 10, 3 * MILLI));
        link.a.start();
        link.b.start();
        link.churn(link.a, 300, 30 * SECOND, 60);
        link.churn(link.b, 100, 30 * SECOND, 60);
        for (int i = 0; i < crashes; i++) {
            LinkedNode victim = link.random.nextBoolean() ? link.a : link.b;
            long at = link.random.nextLong(25 * SECOND);
            link.agenda.in(at, victim::crash);
            link.agenda.in(at + 1 + link.random.nextLong(5 * SECOND), () -> {
                if (!victim.isUp()) {
                    victim.start();
                }
            });
        }
        link.run(32 * SECOND);
        link.quiet(60 * SECOND);
        assertThat(link.isConverged()).withFailMessage(link::difference).isTrue();
    }

    @Property(tries = 5)
    void aTableLargerThanTheResendQueueArrivesWholeThroughLoss(@ForAll long seed) {
        LinkSimulation link = ours(seed, CONFIG.withResendQueueSize(400));
        link.segment.faults(new LinkFaults(0.1, 0, MILLI / 10, MILLI));
        for (long handle = 0; handle < 3_000; handle++) {
            link.a.put(handle);
        }
        link.a.start();
        link.b.start();
        link.run(20 * SECOND);
        link.quiet(40 * SECOND);
        assertThat(link.isConverged()).isTrue();
    }
}
