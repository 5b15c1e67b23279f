// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.control.ControlRequest;
import io.keepstate.examples.interop.SoakCase.Hole;
import io.keepstate.examples.interop.SoakCase.Mode;
import io.keepstate.examples.interop.SoakCase.Trouble;
import io.keepstate.linux.lab.Lab;
import io.keepstate.node.stats.SyncStats;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Soaks one pair: makes trouble under churn, waits for quiet, and compares both caches. */
final class Soak {
    /** Two requests for a resync, 10 s apart, and the sweep behind the second: what the worst case needs. */
    private static final Duration QUIET = Duration.ofSeconds(40);
    /** How long something that is not to be expected is given the chance to happen all the same. */
    private static final Duration A_WHILE = Duration.ofSeconds(3);

    private static final Pattern LOST = Pattern.compile("Packets lost:\\s+(\\d+)");
    private static final Pattern ACTIVE = Pattern.compile("cache external:\\s+current active connections:\\s+(\\d+)");

    private final SoakCase some;
    private final SyncPair pair;
    private final Churn churn;
    private final Duration phase;

    /**
     * @param phase how long flows come and go before, in and after what happens
     */
    Soak(Lab lab, SoakCase some, Duration phase) {
        this.some = some;
        this.phase = phase;
        pair = new SyncPair(lab, some.wire());
        pair.modes(some.mode().ours, some.mode().theirs);
        churn = new Churn(some.weAreActive() ? pair.ours : pair.theirs, some.hashCode());
    }

    /** Both start, and agree on the first flows over a link that loses nothing. */
    void begin() {
        pair.startConntrackd();
        pair.startNode();
        if (some.mode() == Mode.FTFW) {
            pair.awaitHandshake();
        }
        churn.begin();
        CacheLines.awaitEqual(SyncPair.PATIENCE, "at first", this::active, this::standby);
    }

    private Set<String> active() {
        return some.weAreActive() ? pair.internal() : theirs(ControlRequest.DUMP_INTERNAL);
    }

    private Set<String> standby() {
        return some.weAreActive() ? theirs(ControlRequest.DUMP_EXTERNAL) : pair.external();
    }

    private Set<String> theirs(ControlRequest request) {
        return CacheLines.of(pair.conntrackd().request(request));
    }

    /**
     * What came of a trouble.
     *
     * @param equal whether both caches became equal by themselves; else a hole was met, shown, and mended by hand
     * @param millis how long that took after the last flow
     * @param text all of it in one line
     */
    record Outcome(boolean equal, long millis, String text) {}

    /** Lets it happen, waits until all is said, and compares. */
    Outcome happen(Trouble trouble) {
        long lostBefore = trouble == Trouble.RESTART_THEIRS ? 0 : lostThere();
        if (some.loss() > 0) {
            pair.ours.lose(some.loss());
            pair.theirs.lose(some.loss());
        }
        churn.forAbout(phase);
        inTheMiddleOfIt(trouble);
        churn.forAbout(phase);
        long dropped = some.loss() > 0 ? pair.ours.loseNoMore() + pair.theirs.loseNoMore() : 0;
        Outcome outcome = compare(some.holes(trouble), lostBefore);
        String text = "%s; dropped %d packets; ours: %s; C: lost %d"
                .formatted(outcome.text(), dropped, ourCounters(), lostThere());
        return new Outcome(outcome.equal(), outcome.millis(), text);
    }

    private void inTheMiddleOfIt(Trouble trouble) {
        switch (trouble) {
            case LOSS -> churn.forAbout(phase);
            case CUT_OURS -> cut(pair.ours);
            case CUT_THEIRS -> cut(pair.theirs);
            case RESTART_OURS -> {
                pair.node().stop();
                churn.forAbout(phase);
                pair.startNode();
            }
            case RESTART_THEIRS -> {
                pair.conntrackd().close();
                churn.forAbout(phase);
                pair.startConntrackd();
            }
        }
    }

    private void cut(SyncMachine machine) {
        machine.namespace.down(SyncWire.device(0));
        churn.forAbout(phase);
        machine.namespace.up(SyncWire.device(0));
    }

    private Outcome compare(Set<Hole> holes, long lostBefore) {
        long start = System.nanoTime();
        boolean equal = CacheLines.becomeEqual(holes.isEmpty() ? QUIET : A_WHILE, this::active, this::standby);
        long millis = (System.nanoTime() - start) / 1_000_000;
        Set<String> has = active();
        assertThat(has).as("flows of the active node").isNotEmpty();
        if (equal) {
            return new Outcome(true, millis, "equal after %d ms (%d flows)".formatted(millis, has.size()));
        }
        Set<String> knows = standby();
        String missing = CacheLines.difference(has, knows);
        String stale = CacheLines.difference(knows, has);
        assertThat(holes.stream().anyMatch(hole -> isShown(hole, lostBefore, missing.isEmpty(), has.size())))
                .as(
                        "after %d ms: missing or outdated: %s; stale: %s; ours: %s; C: lost %d; expected, and shown by a"
                                + " counter of conntrackd, is only one of %s",
                        millis, missing, stale, ourCounters(), lostThere(), holes)
                .isTrue();
        cure();
        String text = "%s: missing %s, stale %s; equal after -f external and -n"
                .formatted(holes, count(missing), count(stale));
        return new Outcome(false, millis, text);
    }

    private boolean isShown(Hole hole, long lostBefore, boolean missesNothing, int flows) {
        return switch (hole) {
            case NEVER_ASKS -> lostThere() > lostBefore;
            case NEVER_SWEEPS ->
                missesNothing && number(ACTIVE, pair.conntrackd().request(ControlRequest.STATS)) > flows;
        };
    }

    private static String count(String difference) {
        return difference.isEmpty() ? "0" : difference.substring(0, difference.indexOf(' '));
    }

    /** What an operator does about a standby that is out of step. */
    void cure() {
        if (some.weAreActive()) {
            pair.conntrackd().ask("-f", "external");
            pair.conntrackd().ask("-n");
        } else {
            pair.requestResync();
        }
        CacheLines.awaitEqual(QUIET, "after a flush and a resync by hand", this::active, this::standby);
    }

    private long lostThere() {
        return number(LOST, pair.conntrackd().request(ControlRequest.STATS_NETWORK));
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).as("%s in %s", pattern, text).isTrue();
        return Long.parseLong(found.group(1));
    }

    private String ourCounters() {
        SyncStats stats = pair.stats();
        return "lost %d, unserved %d, resyncs asked %d, swept %d, expired %d, resent %d, bulks %d"
                .formatted(
                        stats.session().lost(),
                        stats.session().gapsUnserved(),
                        stats.session().resyncsSent(),
                        stats.kernel().sweptExternal(),
                        stats.expired(),
                        stats.session().resentForNack()
                                + stats.session().resentForHello()
                                + stats.session().resentPassedOver(),
                        stats.kernel().bulks());
    }
}
