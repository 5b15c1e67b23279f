// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.interop.SoakCase.Mode;
import io.keepstate.examples.interop.SoakCase.Trouble;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.Requires;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our node and the installed conntrackd, each as the active one, in every mode and over every transport, while flows
 * come, change and go over a link that loses packets, is cut, or whose daemons restart: seconds after the last of it
 * both caches are equal, wherever the protocol can do that. Where it cannot is a {@link SoakCase.Hole}, with the counter
 * that shows it and what an operator does about it.
 *
 * <p>Short: a few cases in which every mode, role, trouble and kind of transport occurs. Long: all of them. What came of
 * them stands in {@code target/proof/soak.md}.
 */
@ExtendWith(LabExtension.class)
@Execution(ExecutionMode.CONCURRENT) // its pairs mostly wait
class SoakInteropIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final SoakReport REPORT = new SoakReport();
    private static final Duration PHASE = Duration.ofMillis(LONG ? 600 : 250);

    @BeforeEach
    void programs() {
        Requires.program("conntrackd");
        Requires.program("nft");
    }

    @AfterAll
    static void report() throws IOException {
        REPORT.write();
    }

    static List<SoakCase> ftfw() {
        return LONG
                ? all(Mode.FTFW)
                : List.of(
                        new SoakCase(Mode.FTFW, SyncWire.UDP6, true, 10, List.of(Trouble.LOSS, Trouble.CUT_THEIRS)),
                        new SoakCase(Mode.FTFW, SyncWire.UDP, false, 20, List.of(Trouble.LOSS)));
    }

    static List<SoakCase> notrack() {
        return LONG
                ? all(Mode.NOTRACK)
                : List.of(
                        new SoakCase(Mode.NOTRACK, SyncWire.MULTICAST, true, 0, List.of(Trouble.CUT_OURS)),
                        new SoakCase(Mode.NOTRACK, SyncWire.UDP, true, 10, List.of(Trouble.RESTART_THEIRS)));
    }

    static List<SoakCase> alarm() {
        return LONG
                ? all(Mode.ALARM)
                : List.of(new SoakCase(Mode.ALARM, SyncWire.MULTICAST6, false, 1, List.of(Trouble.RESTART_OURS)));
    }

    private static List<SoakCase> all(Mode mode) {
        List<SoakCase> cases = new ArrayList<>();
        for (int loss : new int[] {0, 1, 10, 20}) {
            for (SyncWire wire : SyncWire.withOneCable()) {
                for (boolean weAreActive : new boolean[] {true, false}) {
                    cases.add(new SoakCase(mode, wire, weAreActive, loss, List.of(Trouble.values())));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource
    void ftfw(SoakCase some, Lab lab) {
        soak(some, lab);
    }

    @ParameterizedTest
    @MethodSource
    void notrack(SoakCase some, Lab lab) {
        soak(some, lab);
    }

    @ParameterizedTest
    @MethodSource
    void alarm(SoakCase some, Lab lab) {
        soak(some, lab);
    }

    /** All of a case, also when something of it went wrong. */
    private static void soak(SoakCase some, Lab lab) {
        Soak soak = new Soak(lab, some, PHASE);
        soak.begin();
        List<String> failures = new ArrayList<>();
        for (Trouble trouble : some.troubles()) {
            try {
                Soak.Outcome outcome = soak.happen(trouble);
                REPORT.add(some, trouble, outcome);
                System.out.printf("%s: %s: %s%n", some, trouble, outcome.text());
            } catch (AssertionError failure) {
                System.out.printf("%s: %s: FAILED: %s%n", some, trouble, failure.getMessage());
                failures.add(trouble + ": " + failure.getMessage());
                soak.cure();
            }
        }
        assertThat(failures).as("%s", some).isEmpty();
    }
}
