// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.MILLI;
import static io.keepstate.vrrp.Bench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.IntSupplier;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Routers on one segment, in virtual time from one seed: after trouble ends, exactly one of them is active. */
class ElectionPropertyTest {

    private static final long TROUBLE = 60 * SECOND;
    private static final long QUIET = 40 * SECOND;

    @Property(tries = 300)
    void after_quiet_exactly_one_router_of_a_segment_is_active(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 4) int count, @ForAll boolean two) {
        Segment segment = new Segment(new Random(seed), two ? Version.V2 : Version.V3, count);
        segment.run(TROUBLE, true);
        segment.heal();
        segment.run(TROUBLE + QUIET, false);
        assertThat(segment.active()).hasSize(1);
    }

    @Property(tries = 300)
    void no_router_that_preempts_is_left_waiting_behind_a_lower_one(@ForAll long seed) {
        Segment segment = new Segment(new Random(seed), Version.V3, 3);
        segment.run(TROUBLE, true);
        segment.heal();
        segment.run(TROUBLE + QUIET, false);
        VirtualRouter active = segment.active().get(0);
        for (Station other : segment.stations) {
            boolean better = other.router.priority() > active.priority();
            assertThat(better && other.router.config().preempt())
                    .as("%s should have preempted %s", other.router, active)
                    .isFalse();
        }
    }

    @Property(tries = 200)
    void an_active_router_never_skips_a_beat_whatever_it_hears_from_losers(@ForAll long seed) {
        Random random = new Random(seed);
        Bench bench = Bench.active(it -> it.interval(Duration.ofMillis(100)));
        long last = bench.now;
        long end = bench.now + 20 * SECOND;
        while (bench.now < end) {
            long step = (long) (random.nextDouble() * 80 * MILLI);
            while (bench.router.nextDeadline() <= bench.now + step) {
                bench.untilDeadline();
                assertThat(bench.now - last).isLessThanOrEqualTo(100 * MILLI);
                last = bench.now;
            }
            bench.after(Math.max(0, last + step - bench.now));
            bench.hear(1 + random.nextInt(99), Bench.HIGHER);
        }
        assertThat(bench.router.state()).isEqualTo(State.ACTIVE);
    }

    /** A seed in which the timer of a backup runs out 2 ms after waking up, beside an active router of lower priority. */
    @Example
    void a_backup_that_slept_may_preempt_as_soon_as_it_is_awake() {
        a_router_that_slept_does_not_take_the_role_from_one_that_took_over_meanwhile(-10321412L);
    }

    /** A process that slept reads what arrived before it looks at its timers, and leaves the role to an heir. */
    @Property(tries = 30)
    void a_router_that_slept_does_not_take_the_role_from_one_that_took_over_meanwhile(@ForAll long seed) {
        Random random = new Random(seed);
        // One interval for all: a router that has heard nobody yet waits for three of its own.
        Segment segment = new Segment(random, Version.V3, 3, () -> 100);
        long step = MILLI / 2;
        for (long end = segment.now + TROUBLE; segment.now < end; ) {
            if (random.nextInt(200) == 0) {
                Station sleeper = segment.stations.get(random.nextInt(3));
                long wakes = segment.now + (long) (random.nextDouble() * SECOND);
                if (sleeper.wakes <= segment.now) {
                    sleeper.sleep(wakes);
                }
            }
            segment.run(segment.now + step, false);
            for (Station station : segment.stations) {
                boolean active = station.wakes <= segment.now && station.router.state() == State.ACTIVE;
                station.settled = active ? station.settled + step : 0;
                // A little later: what is due at the very end of a step is done in the next one.
                boolean justAwake = station.wakes <= segment.now - 4 * step && station.wakes > segment.now - 5 * step;
                if (active && justAwake) {
                    assertThat(segment.stations)
                            .filteredOn(other -> other != station && !station.mayPreempt(other))
                            .noneMatch(other -> other.settled > 10 * MILLI);
                }
            }
        }
    }

    /** One router with its place on the segment. */
    private static final class Station {
        final VirtualRouter router;
        boolean connected = true;
        /** Until then its process sleeps. */
        long wakes;
        /** Whether it was active when it fell asleep. */
        boolean sleptActive;
        /** For how long it has been active and awake. */
        long settled;

        Station(VirtualRouterConfig config, IpAddress source, Segment segment) {
            router = new VirtualRouter(config, source, effect -> {
                if (effect instanceof Effect.SendAdvertisement send) {
                    segment.send(this, send.advertisement());
                }
            });
        }

        void sleep(long until) {
            wakes = until;
            sleptActive = router.state() == State.ACTIVE;
        }

        /** A backup that slept preempts as any other does (RFC 9568 section 6.4.2), whatever it slept through. */
        boolean mayPreempt(Station other) {
            return !sleptActive && router.config().preempt() && router.priority() > other.router.priority();
        }
    }

    private record Arrival(long atNanos, long order, Station from, Station to, Advertisement advertisement) {}

    /**
     * A segment that loses, delays and partitions while there is trouble, and delivers within 1 ms when there is none.
     */
    private static final class Segment {
        final List<Station> stations = new ArrayList<>();
        private final PriorityQueue<Arrival> flying =
                new PriorityQueue<>(Comparator.comparingLong(Arrival::atNanos).thenComparingLong(Arrival::order));
        private final Random random;
        private long now = SECOND;
        private long sent;
        private boolean trouble;

        Segment(Random random, Version version, int count) {
            this(random, version, count, () -> 10 * (5 + random.nextInt(100)));
        }

        Segment(Random random, Version version, int count, IntSupplier millis) {
            this.random = random;
            for (int i = 0; i < count; i++) {
                VirtualRouterConfig config = VirtualRouterConfig.builder("R" + i, "eth0")
                        .version(version)
                        .virtualRouterId(51)
                        .priority(i == 0 && random.nextInt(4) == 0 ? 255 : 1 + random.nextInt(254))
                        .interval(version == Version.V2 ? Duration.ofSeconds(1) : Duration.ofMillis(millis.getAsInt()))
                        .preempt(random.nextInt(3) > 0)
                        .address("192.0.2.100/24")
                        .build();
                stations.add(new Station(config, IpAddress.parse("192.0.2." + (i + 1)), this));
            }
            stations.forEach(it -> it.router.start(now));
        }

        void send(Station from, Advertisement advertisement) {
            for (Station to : stations) {
                boolean lost = trouble && (random.nextInt(10) < 3 || !from.connected || !to.connected);
                if (to != from && !lost) {
                    long delay = (long) (random.nextDouble() * (trouble ? 200 : 1) * MILLI);
                    flying.add(new Arrival(now + delay, sent++, from, to, advertisement));
                }
            }
        }

        void run(long until, boolean withTrouble) {
            trouble = withTrouble;
            while (now < until) {
                long next = until;
                for (Station station : stations) {
                    next = Math.min(next, Math.max(station.wakes, station.router.nextDeadline()));
                }
                Arrival first = flying.peek();
                if (first != null && first.atNanos() <= next) {
                    flying.remove();
                    if (first.to().wakes > first.atNanos()) {
                        flying.add(new Arrival(
                                first.to().wakes, first.order(), first.from(), first.to(), first.advertisement()));
                        continue;
                    }
                    now = Math.max(now, first.atNanos());
                    first.to()
                            .router
                            .onAdvertisement(
                                    first.advertisement(), first.from().router.sourceAddress(), now);
                } else {
                    now = Math.max(now, next);
                    stations.stream().filter(it -> it.wakes <= now).forEach(it -> it.router.advance(now));
                }
                if (withTrouble && random.nextInt(20) == 0) {
                    disturb(stations.get(random.nextInt(stations.size())));
                }
            }
        }

        private void disturb(Station station) {
            FaultCause link = FaultCause.link("eth0");
            switch (random.nextInt(5)) {
                case 0 -> station.connected = !station.connected;
                case 1 -> station.router.fault(link, now);
                case 2 -> station.router.clearFault(link, now);
                case 3 -> station.router.stop(now);
                default -> station.router.start(now);
            }
        }

        /** All cables plugged in, all routers running. */
        void heal() {
            for (Station station : stations) {
                station.connected = true;
                station.router.clearFault(FaultCause.link("eth0"), now);
                station.router.start(now);
            }
        }

        List<VirtualRouter> active() {
            return stations.stream()
                    .map(it -> it.router)
                    .filter(it -> it.state() == State.ACTIVE)
                    .toList();
        }
    }
}
