// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.vrrp.EffectSink;
import io.keepstate.vrrp.SyncGroup;
import io.keepstate.vrrp.VirtualRouter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What starts, stops, stalls and crashes as one: a sync group, or a router on its own. */
final class Unit {
    private static final long NONE = Long.MAX_VALUE;

    private final String name;
    private final List<Station> stations;
    private final boolean isGroup;
    private final EffectSink sink;
    private final List<Runnable> waiting = new ArrayList<>();
    private @Nullable SyncGroup group;
    private boolean crashed;
    private boolean stalled;

    Unit(String name, List<Station> stations, boolean isGroup, EffectSink sink) {
        this.name = name;
        this.stations = stations;
        this.isGroup = isGroup;
        this.sink = sink;
        join();
    }

    private void join() {
        if (isGroup) {
            List<VirtualRouter> routers = stations.stream().map(Station::router).toList();
            group = new SyncGroup(name, routers, sink);
        }
    }

    List<Station> stations() {
        return stations;
    }

    @Nullable
    SyncGroup group() {
        return group;
    }

    boolean isStalled() {
        return stalled;
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

    void stall() {
        stalled = true;
    }

    /** Goes on: first what has arrived meanwhile, as a loop must, then the timers. */
    void resume(ScenarioRun run) {
        stalled = false;
        List<Runnable> arrived = List.copyOf(waiting);
        waiting.clear();
        arrived.forEach(Runnable::run);
    }

    /** Gives a datagram to one of the routers, or keeps it while the process stands still. */
    void deliver(Station station, byte[] datagram, ScenarioRun run) {
        if (crashed || !station.isLinkUp()) {
            return;
        }
        if (stalled) {
            waiting.add(() -> deliver(station, datagram, run));
        } else {
            station.receive(datagram, run.nowNanos(), run.wallMillis(), run::onReception);
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
