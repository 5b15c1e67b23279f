// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.interop.ReferenceFirewall.Software;
import io.keepstate.flow.Flow;
import io.keepstate.linux.lab.Lab;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Both firewalls of a {@link ReferenceSetup} without an external cache, one of them active, with sessions through it.
 * What takes time is begun by one method and awaited by another, so that several pairs can wait together.
 */
final class InjectingPair {
    private static final Pattern FAILED = Pattern.compile("connections (\\w+):\\s+(\\d+)\\s+failed:\\s+(\\d+)");
    private static final String PURGED = "flushing kernel conntrack table (scheduled)";

    private final Lab lab;
    private final ReferenceSetup setup;
    private ReferenceFirewall active;
    private ReferenceFirewall standby;
    private @Nullable SetupSessions sessions;

    InjectingPair(Lab lab, ReferenceSetup setup) {
        this.lab = lab;
        this.setup = setup;
        active = setup.fw1;
        standby = setup.fw2;
    }

    void start() {
        active.startService();
        standby.startService();
    }

    /** The first becomes active, the other asks and waits for its purge; meanwhile there is something to synchronise. */
    void begin(List<Flow> flows, int each) {
        active.awaitService();
        standby.awaitService();
        active.becomePrimary();
        standby.becomeBackup();
        setup.announced();
        active.create(flows);
        sessions = SetupSessions.open(lab, setup, each);
    }

    /** Waits for the purge of the one that stands by, and until its kernel has every flow of the other all the same. */
    void awaitEqualKernels() {
        Lab.eventually(
                ReferenceFirewall.PATIENCE, () -> standby.log().contains(PURGED), standby + " has purged its table");
        assertEqualKernels("after its purge");
    }

    /**
     * The active one has many flows more, every second of them changed since it was first seen, so that its table is new and
     * changed ones mixed; the other has nothing any more, and asks for all of it.
     */
    void askForATable(int many) {
        List<Flow> flows = FlowMix.tcp(many);
        for (int odd = 0; odd < 2; odd++) {
            int parity = odd;
            active.create(IntStream.range(0, many)
                    .filter(i -> i % 2 == parity)
                    .mapToObj(flows::get)
                    .toList());
            active.ask(Software.C, "-R"); // whatever became of the events; what it knew already is changed for it
        }
        standby.empty();
        assertThat(standby.ask(Software.C, "-n").code()).isZero();
        assertEqualKernels("after a table of " + many + " flows was asked for");
        assertThat(standby.table()).hasSizeGreaterThan(many);
        assertNothingRefused();
    }

    private void assertEqualKernels(String when) {
        CacheLines.awaitEqual(
                ReferenceFirewall.PATIENCE,
                "the kernels of " + active + " and " + standby + " " + when,
                active::table,
                standby::table);
    }

    /** {@code -c} and {@code -f}, asked by either program, change neither kernel; nothing was refused. */
    void assertOrdersAreHarmless() {
        for (Software client : Software.values()) {
            for (String words : List.of("-c", "-f", "-c", "-f external")) {
                assertThat(standby.ask(client, words).code())
                        .as("%s of %s to %s", words, client, standby)
                        .isZero();
            }
        }
        assertThat(standby.ask(Software.C, "-e").out()).isEmpty();
        assertEqualKernels("after -c and -f");
        assertNothingRefused();
    }

    private void assertNothingRefused() {
        String statistics = standby.ask(Software.C, "-s").out();
        assertThat(statistics).contains("external inject:");
        Matcher line = FAILED.matcher(statistics.substring(statistics.indexOf("external inject:")));
        int lines = 0;
        while (line.find()) {
            lines++;
            assertThat(line.group(3))
                    .as("%s: %s: %s", standby, line.group(), standby.log())
                    .isEqualTo("0");
        }
        assertThat(lines).isEqualTo(3);
        assertThat(standby.log()).doesNotContain("Invalid argument", "EINVAL");
    }

    /** All cables without a carrier, all processes dead, the table gone. */
    void powerLoss() {
        active.powerOff();
        takeOver("a power loss");
    }

    /** Addresses down, then conntrackd; the table stays. */
    void cleanStop() {
        active.dropAddresses();
        active.stopService();
        takeOver("a clean stop");
    }

    private void takeOver(String what) {
        ReferenceFirewall gone = active;
        active = standby;
        standby = gone;
        active.becomePrimary();
        setup.announced();
        if (sessions != null) {
            sessions.assertAlive("after " + what + " of " + gone);
        }
    }

    /** The one that went is there again, and stands by. */
    void comeBack() {
        if (!standby.isOn()) {
            standby.powerOn();
        }
        standby.startService();
    }

    void standBy() {
        standby.awaitService();
        standby.becomeBackup();
    }
}
