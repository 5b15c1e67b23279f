// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.testkit.Agenda;
import io.keepstate.testkit.Segment;
import io.keepstate.testkit.VirtualClock;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.Authentication;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The reference setup on virtual time, all of it from one seed: two seats, a WAN and a LAN on which adverts travel, and
 * a sync link. Nodes come and go; the segments and the clock stay.
 */
public final class Simulation {
    private static final long START_NANOS = 1_000_000_000_000L;
    private static final long START_WALL_MILLIS = 1_790_000_000_000L;

    /** conntrackd's default. */
    private static final int DEFAULT_FLOW_LIMIT = 262_144;

    private final RandomGenerator random;
    private final VirtualClock clock = new VirtualClock(START_NANOS, START_WALL_MILLIS);
    private final Agenda agenda = new Agenda(clock);
    private final Segment syncLink;
    private final Map<String, Segment> lans = new LinkedHashMap<>();
    private SyncMode mode = SyncMode.Ftfw.DEFAULT;
    private int flowLimit = DEFAULT_FLOW_LIMIT;

    /** A setup without nodes. */
    public Simulation(long seed) {
        random = new SplittableRandom(seed);
        syncLink = new Segment(agenda, clock, random);
        lans.put("eth0", new Segment(agenda, clock, random));
        lans.put("eth1", new Segment(agenda, clock, random));
    }

    /** {@code ResendQueueSize} of the nodes made from now on; conntrackd's default until then. */
    public void resendQueueSize(int messages) {
        mode = SyncMode.Ftfw.DEFAULT.withWindows(300, messages);
    }

    /** The mode of the nodes made from now on; FTFW until then. */
    public void mode(SyncMode some) {
        mode = some;
    }

    /** {@code HashLimit} of the nodes made from now on; conntrackd's default until then. */
    public void flowLimit(int flows) {
        flowLimit = flows;
    }

    int flowLimit() {
        return flowLimit;
    }

    SyncMode mode() {
        return mode;
    }

    /** A Keepstate node in this seat, not started. */
    public SimulatedNode keepstate(Seat seat) {
        return new SimulatedNode(this, seat, configuration(seat));
    }

    /** A node of the C pair in this seat, as a model, not started. */
    public LegacyNode legacy(Seat seat) {
        return new LegacyNode(this, seat, configuration(seat));
    }

    /** Lets time pass. */
    public void run(Duration duration) {
        long until = clock.nowNanos() + duration.toNanos();
        while (agenda.step(until)) {
            // every step is one thing that happens
        }
        clock.advanceTo(until);
    }

    /** Its clock. */
    public VirtualClock clock() {
        return clock;
    }

    /** What will happen. */
    public Agenda agenda() {
        return agenda;
    }

    /** Where all randomness comes from. */
    public RandomGenerator random() {
        return random;
    }

    /** The link between the nodes. */
    public Segment syncLink() {
        return syncLink;
    }

    /** WAN and LAN by the name of the interface. */
    public Map<String, Segment> lans() {
        return lans;
    }

    private NodeConfiguration configuration(Seat seat) {
        VrrpGroup group = new VrrpGroup(
                "G1",
                List.of(
                        router("E1", "eth0", 61, "10.15.7.100/24", seat.priority()),
                        router("I1", "eth1", 62, "172.16.0.100/24", seat.priority())));
        String peer = seat.host() == Seat.FW1.host() ? "10.0.0.2" : "10.0.0.1";
        String local = seat.host() == Seat.FW1.host() ? "10.0.0.1" : "10.0.0.2";
        SyncConfiguration sync = SyncConfiguration.builder(PeerLink.between(local, peer))
                .commitTimeout(Duration.ofSeconds(1800))
                .purgeTimeout(Duration.ofSeconds(5))
                .mode(mode)
                .flowLimit(flowLimit)
                .build();
        return NodeConfiguration.of(List.of(group), sync);
    }

    private static VirtualRouterConfig router(String name, String link, int id, String address, int priority) {
        return VirtualRouterConfig.builder(name, link)
                .virtualRouterId(id)
                .priority(priority)
                .authentication(Authentication.password("zzzz"))
                .address(address)
                .build();
    }
}
