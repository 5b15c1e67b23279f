// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.election;

import java.util.List;

/**
 * A run of routers of one VRID through trouble and quiet, as a script that plays by itself
 * ({@link io.keepstate.testkit.scenario.Scenario}): a run that went wrong is a regression test as it stands.
 *
 * <p>Quiet means: every router runs, every link is up, nothing is cut off or lost; packets are delayed by no more than
 * {@code delayNanos}. Then the following holds, with I the longest interval at which a router advertises and D the longest
 * delay.
 *
 * <p><b>Never two for longer than I + 2 D.</b> Let A and B be active at once, B losing against A: by priority, or with equal
 * ones by address, so that of two one always loses. If both were active when quiet began, A advertises within I, B hears it
 * within D and yields (RFC 9568 section 6.4.3). If A became active later, it advertised at that moment, and B yields
 * after D. If B did, its first advertisement reaches A within D, A answers at once, and B yields after 2 D.
 *
 * <p><b>One, the rightful one, from 5 I + 2 D on.</b> A down timer is at most 3 I and the skew, which is at most I: what a
 * backup learned is somebody's interval. While nobody is active it fires within 4 I, and there is one. A backup that
 * preempts and is of higher priority than all active ones hears nothing that moves its timer, so it is active within 4 I as
 * well; of equal ones one is. Whoever loses has yielded I + 2 D later. From then on each backup hears an advertisement of a
 * router that it does not preempt every I, give or take D, before 3 I are over as long as D is less than I: nothing changes any
 * more.
 *
 * <p>The members of a sync group have the same priority, and the addresses of two groups are in the same order on every
 * segment: the reasoning above holds for groups as for routers. A group goes when the timers of all members have fired once,
 * and waits no longer for that.
 *
 * @param seed where it comes from
 * @param script the run
 * @param routers the routers that stand for a node each: those on the first segment
 * @param intervalNanos I
 * @param delayNanos D
 * @param quiet when nothing disturbs, in order
 */
public record Election(
        long seed, String script, List<Candidate> routers, long intervalNanos, long delayNanos, List<Quiet> quiet) {

    /**
     * A router as far as elections go.
     *
     * @param name its name
     * @param priority its priority
     * @param preempt whether it preempts
     */
    public record Candidate(String name, int priority, boolean preempt) {}

    /**
     * A time without trouble.
     *
     * @param fromNanos when it begins
     * @param untilNanos when it ends
     */
    public record Quiet(long fromNanos, long untilNanos) {}

    /** Longest time for which two routers of a connected segment may be active at once. */
    public long overlapBoundNanos() {
        return intervalNanos + 2 * delayNanos;
    }

    /** Longest time from the beginning of quiet to the last change. */
    public long settledBoundNanos() {
        return 5 * intervalNanos + 2 * delayNanos;
    }
}
