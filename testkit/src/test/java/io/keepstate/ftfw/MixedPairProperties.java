// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.testkit.LinkFaults;
import io.keepstate.testkit.legacy.LegacyPeer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Our session with a conntrackd at the other end, and two of those, on a link that loses datagrams. */
class MixedPairProperties {
    private static final long SECOND = LinkSimulation.SECOND;
    private static final long MILLI = LinkSimulation.MILLI;
    private static final FtfwConfig CONFIG = FtfwConfig.defaults();

    private static LinkSimulation mixed(long seed) {
        LinkSimulation link = new LinkSimulation(
                seed, second -> new FtfwSession(CONFIG, second), second -> new LegacyPeer(CONFIG, second));
        link.b.repairs = false;
        return link;
    }

    private static LinkSimulation legacy(long seed) {
        LinkSimulation link = new LinkSimulation(
                seed, second -> new LegacyPeer(CONFIG, second), second -> new LegacyPeer(CONFIG, second));
        link.a.repairs = false;
        link.b.repairs = false;
        return link;
    }

    @Property
    void lossAfterTheHandshakeIsRepairedUnaided(
            @ForAll long seed,
            @ForAll @DoubleRange(max = 0.2) double loss,
            @ForAll @IntRange(min = 1, max = 400) int n) {
        LinkSimulation link = mixed(seed);
        link.a.start();
        link.b.start();
        link.run(5 * SECOND);
        link.segment.faults(new LinkFaults(loss, 0.01, MILLI / 10, MILLI));
        link.churn(link.a, n, 10 * SECOND, 60);
        link.churn(link.b, n / 2, 10 * SECOND, 60);
        link.run(12 * SECOND);
        link.quiet(40 * SECOND);
        assertThat(link.isConverged()).withFailMessage(link::difference).isTrue();
    }

    @Property
    void whatOursSendsArrivesThoughTheLinkLosesFromTheStart(
            @ForAll long seed,
            @ForAll @DoubleRange(max = 0.2) double loss,
            @ForAll @IntRange(min = 1, max = 400) int n) {
        LinkSimulation link = mixed(seed);
        link.segment.faults(new LinkFaults(loss, 0, MILLI / 10, MILLI / 10));
        link.a.start();
        link.b.start();
        link.churn(link.a, n, 10 * SECOND, 60);
        link.run(12 * SECOND);
        link.quiet(40 * SECOND);
        assertThat(link.b.external).withFailMessage(link::difference).isEqualTo(link.a.living());
    }

    @Example
    void w1TwoLegacyPeersLoseWhatIsLostWhileTheyGreet() {
        LinkSimulation link = legacy(1);
        link.a.start();
        link.b.start();
        link.agenda.in(100 * MILLI, () -> link.a.put(1));
        link.agenda.in(200 * MILLI, () -> {
            link.segment.faults(new LinkFaults(1, 0, 0, 0));
            link.a.put(2);
        });
        link.agenda.in(250 * MILLI, () -> {
            link.segment.faults(LinkFaults.NONE);
            link.a.put(3);
        });
        link.quiet(0);
        link.run(60 * SECOND);
        assertThat(link.a.living()).containsOnlyKeys(1L, 2L, 3L);
        assertThat(link.b.external).containsOnlyKeys(1L, 3L);
    }

    @Example
    void w1WithOursOnTheSendingSideNothingIsMissing() {
        LinkSimulation link = mixed(1);
        link.a.start();
        link.b.start();
        link.agenda.in(100 * MILLI, () -> link.a.put(1));
        link.agenda.in(200 * MILLI, () -> {
            link.segment.faults(new LinkFaults(1, 0, 0, 0));
            link.a.put(2);
        });
        link.agenda.in(250 * MILLI, () -> {
            link.segment.faults(LinkFaults.NONE);
            link.a.put(3);
        });
        link.run(60 * SECOND);
        assertThat(link.b.external).containsOnlyKeys(1L, 2L, 3L);
    }

    @Example
    void w1WithOursOnTheReceivingSideWhatIsMissingIsAskedFor() {
        LinkSimulation link = mixed(1);
        link.a.start();
        link.b.start();
        link.agenda.in(5 * MILLI, () -> link.b.put(1));
        link.agenda.in(6 * MILLI, () -> {
            link.segment.faults(new LinkFaults(1, 0, 0, 0));
            link.b.put(2);
        });
        link.agenda.in(7 * MILLI, () -> {
            link.segment.faults(LinkFaults.NONE);
            link.b.put(3);
        });
        link.run(60 * SECOND);
        assertThat(link.a.external).containsOnlyKeys(1L, 2L, 3L);
    }
}
