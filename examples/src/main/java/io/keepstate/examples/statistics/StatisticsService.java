// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.statistics;

import io.keepstate.cache.CacheEntry;
import io.keepstate.cache.CacheStats;
import io.keepstate.cache.Cursor;
import io.keepstate.examples.control.ControlEvent;
import io.keepstate.examples.control.ControlHandler;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.examples.control.StatsText;
import io.keepstate.flow.LinePart;
import io.keepstate.flow.text.CacheLine;
import io.keepstate.flow.text.FlowXml;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * conntrackd's requests in statistics mode, on the control thread. What only makes sense with a peer is answered with
 * nothing, as conntrackd does.
 */
public final class StatisticsService implements ControlHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StatisticsService.class);
    private static final int SLICE = 256;

    private final CollectorLoop loop;
    private final ToLongFunction<ControlEvent> control;
    private final Executor controlThread;
    private final Runnable stop;
    private final long startedNanos = System.nanoTime();

    /**
     * A service.
     *
     * @param control what the control server counts
     * @param controlThread runs what must happen on the control thread
     * @param stop ends the daemon
     */
    public StatisticsService(
            CollectorLoop loop, ToLongFunction<ControlEvent> control, Executor controlThread, Runnable stop) {
        this.loop = loop;
        this.control = control;
        this.controlThread = controlThread;
        this.stop = stop;
    }

    @Override
    public void handle(ControlRequest request, Output out) {
        try {
            serve(request, out);
        } catch (IllegalStateException e) {
            LOG.warn("request {} of the control socket is not served: {}", request, e.getMessage());
            out.unserved();
        }
    }

    private void serve(ControlRequest request, Output out) {
        switch (request) {
            case DUMP_INTERNAL -> dump(out, false);
            case DUMP_INTERNAL_XML -> dump(out, true);
            case STATS -> out.text(loop.ask(this::summary));
            case STATS_CACHE -> out.text(loop.ask(some -> StatsText.caches(List.of(cache(some.collector())))));
            case STATS_RUNTIME -> out.text(loop.ask(this::runtime));
            case FLUSH_KERNEL, FLUSH_KERNEL_FLOWS -> {
                LOG.info("flushing kernel conntrack table");
                Runnable release = out.hold();
                Runnable done = () -> controlThread.execute(release);
                try {
                    tell(some -> some.flushKernel(done));
                } catch (IllegalStateException notTaken) {
                    release.run();
                    throw notTaken;
                }
            }
            case RESYNC_KERNEL, RESYNC_KERNEL_FLOWS -> {
                LOG.info("resync with master conntrack table");
                tell(CollectorLoop::resync);
            }
            case KILL -> {
                out.holdToTheEnd();
                stop.run();
            }
            default -> {
                // Nothing to say, and no error either.
            }
        }
    }

    private void tell(Consumer<CollectorLoop> work) {
        loop.ask(some -> {
            work.accept(some);
            return true;
        });
    }

    private void dump(Output out, boolean xml) {
        Cursor cursor = new Cursor();
        out.stream(page -> {
            String lines = loop.ask(some -> slice(some.collector(), cursor, xml));
            page.append(lines);
            return !cursor.isDone();
        });
    }

    private static String slice(FlowCollector collector, Cursor cursor, boolean xml) {
        StringBuilder lines = new StringBuilder();
        collector.forEach(cursor, SLICE, entry -> append(lines, entry, xml));
        return lines.toString();
    }

    private static void append(StringBuilder lines, CacheEntry entry, boolean xml) {
        if (xml) {
            FlowXml.append(lines, entry.flow(), Set.of(LinePart.ID));
        } else {
            CacheLine.append(lines, entry.flow(), entry.activeSeconds(System.nanoTime()));
        }
        lines.append('\n');
    }

    private String summary(CollectorLoop some) {
        FlowCollector collector = some.collector();
        return StatsText.collected(
                cache(collector), new StatsText.Traffic(collector.processedBytes(), collector.processedPackets()));
    }

    private static StatsText.Cache cache(FlowCollector collector) {
        CacheStats stats = collector.stats();
        return new StatsText.Cache(
                "stats",
                collector.size(),
                collector.size(),
                stats.created(),
                stats.createFailed() - stats.createFailedFull(),
                stats.createFailedFull(),
                stats.updated(),
                stats.updateMissing(),
                stats.destroyed(),
                stats.destroyMissing());
    }

    private String runtime(CollectorLoop some) {
        FlowCollector collector = some.collector();
        return StatsText.runtime(new StatsText.RuntimeCounters(
                Duration.ofNanos(System.nanoTime() - startedNanos),
                collector.received(),
                collector.filtered(),
                0,
                some.overruns(),
                0,
                some.overruns(),
                some.flushes(),
                Math.max(0, some.readings() - 1),
                some.bufferSize(),
                ControlEvent.failedReads(control),
                ControlEvent.unknownRequests(control)));
    }
}
