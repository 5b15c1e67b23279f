// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.testkit.Agenda;
import io.keepstate.testkit.Segment;
import io.keepstate.testkit.VirtualClock;
import io.keepstate.vrrp.Effect;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.Reception;
import io.keepstate.vrrp.codec.RejectReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A scenario being played. Of what is due at one moment, packets come before timers, as in a loop that drains its sockets
 * first.
 */
final class ScenarioRun {
    /** Any instant will do; zero would hide mistakes. */
    private static final long START_NANOS = 77_000_000_123L;

    private final VirtualClock clock;
    private final Agenda agenda;
    private final Map<String, Segment> links = new LinkedHashMap<>();
    private final Map<String, Unit> units = new LinkedHashMap<>();
    private final Map<String, Station> stations = new LinkedHashMap<>();
    private final EventFields describe = new EventFields();
    private final Consumer<ScenarioEvent> out;
    private long seed;
    private final List<ScenarioEvent> window = new ArrayList<>();

    /**
     * Nothing has happened yet.
     *
     * @param clockMillis the calendar at the beginning
     */
    ScenarioRun(long seed, long clockMillis, Consumer<ScenarioEvent> out) {
        this.clock = new VirtualClock(START_NANOS, clockMillis);
        this.agenda = new Agenda(clock);
        this.seed = seed;
        this.out = out;
    }

    /** Sets up the routers, in the order of the script, and the groups some of them are in. */
    void build(List<RouterDefinition> routers, Map<String, GroupDefinition> groups) {
        for (RouterDefinition router : routers) {
            Station station = new Station(router, this::onEffect);
            stations.put(router.name(), station);
            router.link()
                    .ifPresent(link -> station.plug(segment(link).connect(router.name(), datagram -> {
                        if (station.isAddressed(datagram)) {
                            unit(router.name()).deliver(station, datagram, this);
                            timers();
                        }
                    })));
        }
        groups.forEach((name, group) -> units.put(
                name,
                new Unit(
                        name,
                        group.members().stream().map(this::station).toList(),
                        Optional.of(group.rules()),
                        this::onEffect)));
        for (Station station : stations.values()) {
            boolean alone = groups.values().stream().noneMatch(group -> group.has(station.name()));
            if (alone) {
                units.put(station.name(), new Unit(station.name(), List.of(station), Optional.empty(), this::onEffect));
            }
        }
    }

    long nowNanos() {
        return clock.nowNanos();
    }

    long wallMillis() {
        return clock.wallMillis();
    }

    long elapsedNanos() {
        return clock.elapsedNanos();
    }

    Station station(String name) {
        Station station = stations.get(name);
        if (station == null) {
            throw new AssertionError("the parser lets no unknown router " + name + " pass");
        }
        return station;
    }

    /** The group of that name or the group that the router of that name is in, or that router alone. */
    Unit unit(String name) {
        Unit unit = units.get(name);
        if (unit != null) {
            return unit;
        }
        Station member = station(name);
        return units.values().stream()
                .filter(each -> each.stations().contains(member))
                .findFirst()
                .orElseThrow();
    }

    /** What happened since the last event of the script. */
    List<ScenarioEvent> window() {
        return List.copyOf(window);
    }

    void clearWindow() {
        window.clear();
    }

    /** Enters something that happens later. */
    void later(long nanos, Runnable action) {
        agenda.in(nanos, () -> {
            action.run();
            timers();
        });
    }

    /**
     * Lets time pass.
     *
     * @param untilNanos until when, since the beginning
     * @param inclusive whether what is due at that very moment still happens
     */
    void runTo(long untilNanos, boolean inclusive) {
        long until = START_NANOS + untilNanos;
        while (true) {
            long deadline =
                    units.values().stream().mapToLong(Unit::nextDeadline).min().orElse(Long.MAX_VALUE);
            long next = Math.min(agenda.nextNanos(), deadline);
            if (next > until || (next == until && !inclusive)) {
                break;
            }
            if (agenda.nextNanos() <= deadline) {
                agenda.step(next);
            } else {
                clock.advanceTo(Math.max(next, clock.nowNanos()));
                units.values().stream()
                        .filter(unit -> unit.nextDeadline() <= clock.nowNanos())
                        .toList()
                        .forEach(unit -> unit.advance(clock.nowNanos()));
                timers();
            }
        }
        clock.advanceTo(Math.max(until, clock.nowNanos()));
    }

    /** Tells which timers were set by what has just been done. */
    void timers() {
        for (Station station : stations.values()) {
            long deadline = station.newDeadline();
            if (deadline != Long.MAX_VALUE) {
                String timer = station.router().state() == State.ACTIVE ? "advertisement" : "active_down";
                emit(
                        station.name(),
                        ScenarioEvent.Kind.TIMER,
                        describe.timer(timer, deadline - START_NANOS, deadline - clock.nowNanos()));
            }
        }
    }

    void onReception(Station station, Reception reception) {
        if (reception instanceof Heard heard) {
            emit(station.name(), ScenarioEvent.Kind.RECEIVE, describe.received(heard));
        } else if (reception instanceof RejectReason reason) {
            emit(station.name(), ScenarioEvent.Kind.REJECT, describe.rejected(reason));
        }
    }

    /** Tells that a router is gone, which nobody else says. */
    void onCrash(Station station, State from) {
        emit(station.name(), ScenarioEvent.Kind.STATE, describe.crashed(from));
    }

    private void onEffect(Effect effect) {
        if (effect instanceof Effect.SendAdvertisement send) {
            send(station(send.router().name()), send.advertisement());
        } else if (effect instanceof Effect.StateChanged it) {
            emit(
                    it.router().name(),
                    ScenarioEvent.Kind.STATE,
                    describe.state(it.from(), it.to(), it.reason(), it.text()));
        } else if (effect instanceof Effect.GroupStateChanged it) {
            emit(
                    it.group().name(),
                    ScenarioEvent.Kind.STATE,
                    describe.state(it.from(), it.to(), it.reason(), it.text()));
        } else if (effect instanceof Effect.Noted it) {
            emit(it.router().name(), ScenarioEvent.Kind.NOTE, describe.note(it.note(), it.text()));
        } else if (effect instanceof Effect.Reannounce it) {
            emit(it.router().name(), ScenarioEvent.Kind.REANNOUNCE, Map.of());
        } else if (effect instanceof Effect.LoserHeard it) {
            emit(it.router().name(), ScenarioEvent.Kind.LOSER, describe.loser(it.source(), it.priority()));
        } else if (effect instanceof Effect.PriorityChanged it) {
            emit(it.router().name(), ScenarioEvent.Kind.PRIORITY, describe.priority(it.from(), it.to()));
        } else if (effect instanceof Effect.HoldingsChanged it) {
            emit(it.router().name(), ScenarioEvent.Kind.HOLDINGS, Map.of());
        } else if (!(effect instanceof Effect.Reconfigured)) {
            throw new AssertionError(effect);
        }
    }

    private void send(Station station, Advertisement advertisement) {
        for (SentPacket packet : station.send(advertisement, clock.wallMillis())) {
            emit(station.name(), ScenarioEvent.Kind.SEND, describe.sent(advertisement, packet));
        }
    }

    private void emit(String subject, ScenarioEvent.Kind kind, Map<String, Object> fields) {
        ScenarioEvent event = new ScenarioEvent(clock.elapsedNanos(), subject, kind, fields);
        window.add(event);
        out.accept(event);
    }

    /** The segment of that name. */
    Segment segment(String link) {
        return links.computeIfAbsent(link, each -> new Segment(agenda, clock, new SplittableRandom(seed++)));
    }
}
