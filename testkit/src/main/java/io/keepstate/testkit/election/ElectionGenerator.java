// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.election;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Makes {@linkplain Election elections} from seeds. */
public final class ElectionGenerator {
    private static final long MILLI = 1_000_000L;
    private static final int MAX_NODES = 16;
    private static final int MAX_INTERVAL_CENTIS = 100;
    private static final int ROUNDS = 2;
    private static final int TROUBLE_INTERVALS = 25;
    private static final int QUIET_INTERVALS = 12;

    private final long seed;
    private final SplittableRandom random;
    private final StringBuilder script = new StringBuilder(4000);
    private final List<Election.Candidate> candidates = new ArrayList<>();
    private final List<Election.Quiet> quiet = new ArrayList<>();
    private final boolean groups;
    private final boolean version2;
    private final int nodes;
    private final long delay;
    private long interval;
    private long now;

    private ElectionGenerator(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.groups = random.nextInt(3) == 0;
        this.version2 = random.nextInt(3) == 0;
        this.nodes = 2 + random.nextInt(groups ? MAX_NODES / 2 - 1 : MAX_NODES - 1);
        this.delay = random.nextLong(MILLI / 10, 20 * MILLI);
    }

    /** The election of this seed. */
    public static Election of(long seed) {
        return new ElectionGenerator(seed).generate();
    }

    private Election generate() {
        script.append("# Election of seed ")
                .append(seed)
                .append('\n')
                .append("seed ")
                .append(seed)
                .append('\n');
        boolean owner = random.nextInt(4) == 0;
        for (int node = 1; node <= nodes; node++) {
            node(node, owner && node == 1);
        }
        network(0);
        for (int node = 1; node <= nodes; node++) {
            at("start " + unit(node));
        }
        for (int round = 0; round < ROUNDS; round++) {
            trouble();
            heal();
            long from = now;
            now += QUIET_INTERVALS * interval;
            at("wait");
            quiet.add(new Election.Quiet(from, now));
        }
        return new Election(seed, script.toString(), candidates, interval, delay, quiet);
    }

    private void node(int node, boolean owner) {
        int priority = owner ? 255 : 1 + random.nextInt(random.nextBoolean() ? 254 : 3);
        // An interval that D is small against: what is derived holds for D < I.
        int centis = version2 ? 100 : 10 + random.nextInt(MAX_INTERVAL_CENTIS - 9);
        boolean preempt = owner || random.nextInt(3) > 0;
        interval = Math.max(interval, centis * 10L * MILLI);
        candidates.add(new Election.Candidate("R" + node, priority, preempt));
        String settings = String.format(
                Locale.ROOT,
                " version=%d priority=%d interval=%dms preempt=%s",
                version2 ? 2 : 3,
                priority,
                centis * 10,
                preempt ? "yes" : "no");
        script.append("router R")
                .append(node)
                .append(" link=wan source=10.0.0.")
                .append(node);
        script.append(settings).append('\n');
        if (groups) {
            script.append("router S")
                    .append(node)
                    .append(" link=lan source=10.0.1.")
                    .append(node);
            script.append(settings).append(" vrid=52 address=172.16.0.100/24\n");
            script.append("group G")
                    .append(node)
                    .append(" R")
                    .append(node)
                    .append(" S")
                    .append(node)
                    .append('\n');
        }
    }

    private void trouble() {
        long end = now + TROUBLE_INTERVALS * interval;
        while (now < end) {
            now += random.nextLong(MILLI, 3 * interval);
            disturb(end);
        }
    }

    private void disturb(long end) {
        int node = 1 + random.nextInt(nodes);
        String router = (groups && random.nextBoolean() ? "S" : "R") + node;
        switch (random.nextInt(10)) {
            case 0 -> at("crash " + unit(node));
            case 1 -> at("stop " + unit(node));
            case 2, 3 -> at("start " + unit(node));
            case 4 ->
                at("cut " + router + " " + List.of("send", "receive", "both").get(random.nextInt(3)));
            case 5 -> at("mend " + router);
            case 6 -> at("link " + router + (random.nextBoolean() ? " up" : " down"));
            case 7 -> {
                long longest = Math.max(MILLI, Math.min(8 * interval, end - now));
                at("stall " + unit(node) + " " + random.nextLong(MILLI, longest + 1) / 1000 + "us");
            }
            case 8 -> network(random.nextInt(60));
            default -> at("resign " + unit(node));
        }
    }

    /** Everything in order: what stood still goes on, what was down is up. */
    private void heal() {
        now += interval; // no stall ends later than this
        network(0);
        for (int node = 1; node <= nodes; node++) {
            for (String leg : groups ? List.of("R", "S") : List.of("R")) {
                at("mend " + leg + node);
                at("link " + leg + node + " up");
            }
            at("start " + unit(node));
        }
    }

    private void network(int loss) {
        String rest = " loss=" + loss + " delay=50us.." + delay / 1000 + "us";
        at("network wan" + rest);
        if (groups) {
            at("network lan" + rest);
        }
    }

    private void at(String statement) {
        now -= now % 1000;
        script.append("at ").append(now / 1000).append("us ").append(statement).append('\n');
    }

    private String unit(int node) {
        return (groups ? "G" : "R") + node;
    }
}
