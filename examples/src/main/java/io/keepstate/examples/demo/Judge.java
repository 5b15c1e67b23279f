// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import io.keepstate.examples.demo.lab.ForwardCounters;
import io.keepstate.examples.demo.traffic.Family;
import io.keepstate.examples.demo.traffic.SessionKind;
import io.keepstate.examples.demo.traffic.SessionSample;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Decides which sessions are alive after a change of role. A session is alive when it moved {@link #LEAST_MOVED} octets
 * of checked content since (an idle one: its echo), and the new active node forwarded at least as many datagrams as the
 * content of all sessions needs segments: what did not pass it does not count. Pure.
 */
final class Judge {
    /** 64 KiB. */
    static final long LEAST_MOVED = 64 * 1024;

    private static final String BYPASSED = "moved more than the new active node forwarded";

    private Judge() {}

    /**
     * The sessions that one node is to forward.
     *
     * @param samples the sessions, their content counted since the takeover
     * @param forwarded what the node forwarded since the takeover
     */
    record Share(List<SessionSample> samples, ForwardCounters forwarded) {
        private boolean carried(Family family) {
            long carried = family == Family.IPV4 ? forwarded.ipv4() : forwarded.ipv6();
            return carried >= segments(samples, family);
        }
    }

    /**
     * Judges the sessions through one active node.
     *
     * @param samples all sessions, their content counted since the takeover
     * @param forwarded what the new active node forwarded since the takeover
     * @param resetsSeen RST segments seen at either end
     */
    static Judgement judge(List<SessionSample> samples, ForwardCounters forwarded, long resetsSeen) {
        return judge(List.of(new Share(samples, forwarded)), resetsSeen);
    }

    /**
     * Judges the sessions through all active nodes.
     *
     * @param shares what each node is to forward
     * @param resetsSeen RST segments seen at either end
     */
    static Judgement judge(List<Share> shares, long resetsSeen) {
        Map<String, Integer> reasons = new TreeMap<>();
        int total = 0;
        int alive = 0;
        long resets = 0;
        long stallNanos = 0;
        for (Share share : shares) {
            boolean[] carried = {share.carried(Family.IPV4), share.carried(Family.IPV6)};
            for (SessionSample sample : share.samples()) {
                String reason = reason(sample, carried[sample.family().ordinal()]);
                total++;
                if (reason.isEmpty()) {
                    alive++;
                } else {
                    reasons.merge(reason, 1, Integer::sum);
                }
                resets += sample.reset() ? 1 : 0;
                stallNanos = Math.max(stallNanos, sample.stallNanos());
            }
        }
        return new Judgement(
                total, alive, Math.max(resets, resetsSeen), TimeUnit.NANOSECONDS.toMillis(stallNanos), reasons);
    }

    private static String reason(SessionSample sample, boolean carried) {
        if (!sample.broken().isEmpty()) {
            return sample.broken();
        }
        long least = sample.kind() == SessionKind.IDLE ? 1 : LEAST_MOVED;
        if (sample.moved() < least) {
            return sample.moved() == 0 ? "nothing moved" : "moved less than 64 KiB";
        }
        return carried ? "" : BYPASSED;
    }

    private static long segments(List<SessionSample> samples, Family family) {
        return samples.stream()
                .filter(sample -> sample.family() == family)
                .mapToLong(sample -> family.segments(sample.moved()))
                .sum();
    }
}
