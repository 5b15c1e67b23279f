// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.vrrp.EffectSink;
import io.keepstate.vrrp.SyncGroup;
import io.keepstate.vrrp.SyncGroupRules;
import io.keepstate.vrrp.VirtualRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What starts, stops, stalls and crashes as one: a sync group, or a router on its own. */
final class Unit {
    private static final long NONE = Long.MAX_VALUE;

    private final String name;
    private final List<Station> stations;
    /** Those of the group; a router on its own has none. */
    private final Optional<SyncGroupRules> rules;

    private final EffectSink sink;
    private final List<Runnable> waiting = new ArrayList<>();
    private @Nullable SyncGroup group;
    private boolean crashed;
    private boolean stalled;
    /** The latest of the ends of all times for which it stands still. */
    private long stalledUntil;

    Unit(String name, List<Station> stations, Optional<SyncGroupRules> rules, EffectSink sink) {
        this.name = name;
        this.stations = stations;
        this.rules = rules;
        this.sink = sink;
        join();
    }

    private void join() {
        if (rules.isPresent()) {
            List<VirtualRouter> routers = stations.stream().map(Station::router).toList();
            group = new SyncGroup(name, routers, rules.get(), sink);
        }
    }

    List<Station> stations() {
        return stations;
    }

    @Nullable
    SyncGroup group() {
        return group;
    }

    boolean isCrashed() {
        return crashed;
    }

    void start(long nowNanos) {
        if (crashed) {
            crashed = false;
            stations.forEach(station -> station.restart(nowNanos));
            join();
        }
        if (group != null) {
            group.start(nowNanos);
        } else {
            stations.get(0).router().start(nowNanos);
        }
    }

    void stop(long nowNanos) {
        if (group != null) {
            group.stop(nowNanos);
        } else {
            stations.get(0).router().stop(nowNanos);
        }
    }

    void resign(String text, long nowNanos) {
        if (group != null) {
            group.resign(text, nowNanos);
        } else {
            stations.get(0).router().resign(text, nowNanos);
        }
    }

    void pause(long nowNanos) {
        if (group != null) {
            group.pause(nowNanos);
        } else {
            stations.get(0).router().pause(nowNanos);
        }
    }

    void goOn(long nowNanos) {
        if (group != null) {
            group.resume(nowNanos);
        } else {
            stations.get(0).router().resume(nowNanos);
        }
    }

    void hold(boolean hold) {
        if (group != null) {
            group.setPreemptionHold(hold);
        } else {
            stations.get(0).router().setPreemptionHold(hold);
        }
    }

    void crash(ScenarioRun run) {
        if (!crashed) {
            stations.forEach(station -> run.onCrash(station, station.router().state()));
        }
        crashed = true;
        stalled = false;
        waiting.clear();
    }

    void stall(long untilNanos) {
        if (!crashed) {
            stalledUntil = stalled ? Math.max(stalledUntil, untilNanos) : untilNanos;
            stalled = true;
        }
    }

    /** Does something to the process: at once, when it goes on, or not at all if it is gone. */
    void act(Runnable what) {
        if (stalled) {
            waiting.add(what);
        } else if (!crashed) {
            what.run();
        }
    }

    /** Goes on if its time is over: first what has come meanwhile, as a loop must, then the timers. */
    void resume(long nowNanos) {
        if (!stalled || nowNanos < stalledUntil) {
            return; // it was told to stand still for longer, or is another process by now
        }
        stalled = false;
        List<Runnable> arrived = List.copyOf(waiting);
        waiting.clear();
        arrived.forEach(this::act);
    }

    /** Gives a datagram to one of the routers, or keeps it while the process stands still. */
    void deliver(Station station, byte[] datagram, ScenarioRun run) {
        if (station.isLinkUp()) {
            act(() -> station.receive(datagram, run.nowNanos(), run.wallMillis(), run::onReception));
        }
    }

    long nextDeadline() {
        if (crashed || stalled) {
            return NONE;
        }
        return group != null ? group.nextDeadline() : stations.get(0).router().nextDeadline();
    }

    void advance(long nowNanos) {
        if (group != null) {
            group.advance(nowNanos);
        } else {
            stations.get(0).router().advance(nowNanos);
        }
    }
}
