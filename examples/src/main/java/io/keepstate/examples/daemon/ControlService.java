// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.cache.Cursor;
import io.keepstate.examples.control.ControlHandler;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.examples.control.RequestNotice;
import io.keepstate.examples.control.StatsText;
import io.keepstate.flow.FlowLine;
import io.keepstate.ftfw.UnacknowledgedMessage;
import io.keepstate.node.SyncDuty;
import io.keepstate.node.sync.StateSync;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves conntrackd's requests with a node. It lives on the control thread; whatever it needs of the node is asked for
 * on the sync loop, a dump in slices, so that a client never costs that loop more than a slice.
 */
final class ControlService implements ControlHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ControlService.class);

    /** The node as this service needs it. */
    interface Node {
        /** Asks something on the sync loop and waits for the answer. */
        <T> T ask(Function<SyncDuty, T> question);

        /** Runs something on the sync loop; false if it cannot be taken. */
        boolean execute(Consumer<SyncDuty> command);

        /** The statistics of {@code -s} and its words. */
        String statistics(ControlRequest request);
    }

    private final Node node;
    private final Synced synced;
    private final Executor controlThread;
    private final Runnable stop;

    /**
     * What the answers depend on.
     *
     * @param expectations whether they are synchronised
     * @param purgeSeconds PurgeTimeout
     */
    record Synced(boolean expectations, long purgeSeconds) {}

    /**
     * A service.
     *
     * @param controlThread runs what must happen on the control thread
     * @param stop ends the daemon
     */
    ControlService(Node node, Synced synced, Executor controlThread, Runnable stop) {
        this.node = node;
        this.synced = synced;
        this.controlThread = controlThread;
        this.stop = stop;
    }

    @Override
    public void handle(ControlRequest request, Output out) {
        try {
            serve(request, out);
        } catch (IllegalStateException notRunning) {
            refuse(request, notRunning);
            out.unserved();
        }
    }

    /** A monitor may well ask while the node starts or stops: that is no failure of the daemon. */
    private static void refuse(ControlRequest request, IllegalStateException notRunning) {
        LOG.warn("request {} of the control socket is not served: {}", request, notRunning.getMessage());
    }

    private void serve(ControlRequest request, Output out) {
        RequestNotice.of(request, synced.expectations(), synced.purgeSeconds()).forEach(LOG::info);
        switch (request) {
            case DUMP_INTERNAL -> dump(request, out, true, false);
            case DUMP_INTERNAL_XML -> dump(request, out, true, true);
            case DUMP_EXTERNAL -> dump(request, out, false, false);
            case DUMP_EXTERNAL_XML -> dump(request, out, false, true);
            case DUMP_INTERNAL_EXPECTATIONS -> dumpExpectations(out, true, false);
            case DUMP_INTERNAL_EXPECTATIONS_XML -> dumpExpectations(out, true, true);
            case DUMP_EXTERNAL_EXPECTATIONS -> dumpExpectations(out, false, false);
            case DUMP_EXTERNAL_EXPECTATIONS_XML -> dumpExpectations(out, false, true);
            case COMMIT -> await(out, SyncRequests::commit);
            case COMMIT_FLOWS -> await(out, SyncRequests::commitFlows);
            case COMMIT_EXPECTATIONS -> await(out, SyncRequests::commitExpectations);
            case RESYNC_KERNEL, RESYNC_KERNEL_FLOWS -> await(out, SyncRequests::resyncKernel);
            case RESYNC_KERNEL_EXPECTATIONS -> await(out, SyncRequests::resyncKernelExpectations);
            case FLUSH_KERNEL -> await(out, SyncRequests::flushKernel);
            case FLUSH_KERNEL_FLOWS -> await(out, SyncRequests::flushKernelFlows);
            case FLUSH_KERNEL_EXPECTATIONS -> await(out, SyncRequests::flushKernelExpectations);
            case FLUSH_CACHES -> run(out, SyncRequests::flushCaches);
            case FLUSH_FLOW_CACHES -> run(out, SyncRequests::flushFlowCaches);
            case FLUSH_INTERNAL -> run(out, SyncRequests::flushInternal);
            case FLUSH_EXTERNAL -> run(out, SyncRequests::flushExternal);
            case SEND_BULK -> run(out, SyncRequests::sendBulk);
            case REQUEST_RESYNC -> run(out, SyncRequests::requestResync);
            case RESET_TIMERS -> run(out, SyncRequests::resetTimers);
            case KILL -> {
                out.holdToTheEnd();
                stop.run();
            }
            case STATS,
                    STATS_NETWORK,
                    STATS_CACHE,
                    STATS_RUNTIME,
                    STATS_LINK,
                    STATS_QUEUE,
                    STATS_EXPECT,
                    STATS_LIMITS -> out.text(node.statistics(request));
            case STATS_RESEND_QUEUE -> resendQueue(out);
            case STATS_PROCESS -> {
                // conntrackd names its child processes; there are none here
            }
            default -> out.unserved();
        }
    }

    /** Of FTFW alone: the other modes keep nothing that was sent, and conntrackd says nothing then. */
    private void resendQueue(Output out) {
        Optional<List<UnacknowledgedMessage>> kept = node.ask(duty -> Optional.ofNullable(duty.sync())
                .filter(sync -> sync.mode().resendLimit() > 0)
                .map(StateSync::unacknowledged));
        kept.ifPresent(messages -> out.text(StatsText.resendQueue(messages.stream()
                .map(message -> StatsText.unacknowledged(message.sequence(), message.flags()))
                .toList())));
    }

    private void dumpExpectations(Output out, boolean internal, boolean xml) {
        upToDate(out, internal, () -> showExpectations(out, internal, xml));
    }

    private void showExpectations(Output out, boolean internal, boolean xml) {
        out.text(node.<String>ask(duty -> {
            StateSync sync = duty.sync();
            return sync == null
                    ? ""
                    : sync.expectations()
                            .map(some ->
                                    ExpectationDump.of(some, sync.mode().expiry(), internal, xml, System.nanoTime()))
                            .orElse("");
        }));
    }

    private void run(Output out, Consumer<SyncDuty> work) {
        await(out, (duty, done) -> {
            work.accept(duty);
            done.run();
        });
    }

    /** Keeps the client until the work is done: scripts rely on the order of their calls. */
    private void await(Output out, BiConsumer<SyncDuty, Runnable> work) {
        Runnable release = out.hold();
        Runnable done = () -> controlThread.execute(release);
        boolean taken = node.execute(duty -> {
            try {
                work.accept(duty, done);
            } catch (RuntimeException e) {
                done.run(); // a client must not wait for what will never be done
                throw e;
            }
        });
        if (!taken) {
            release.run();
            throw new IllegalStateException("the node does not run, or has too many requests waiting");
        }
    }

    private void dump(ControlRequest request, Output out, boolean internal, boolean xml) {
        boolean replicates = node.ask(duty -> duty.sync() != null);
        if (!replicates) {
            return; // a node that only elects has no caches to show
        }
        if (internal && node.ask(ControlService::isInternalDisabled)) {
            dumpKernel(out);
        } else {
            upToDate(out, internal, () -> stream(request, out, internal, xml));
        }
    }

    private void stream(ControlRequest request, Output out, boolean internal, boolean xml) {
        Cursor cursor = new Cursor();
        out.stream(page -> {
            try {
                String lines = node.ask(duty -> FlowDump.slice(duty.sync(), cursor, internal, xml, System.nanoTime()));
                page.append(lines);
            } catch (IllegalStateException notRunning) {
                refuse(request, notRunning);
                return false;
            }
            return !cursor.isDone();
        });
    }

    private static boolean isInternalDisabled(SyncDuty duty) {
        StateSync sync = duty.sync();
        return sync != null && sync.mode().disableInternalCache();
    }

    private static boolean isBehindCommit(SyncDuty duty) {
        StateSync sync = duty.sync();
        return sync != null && sync.isBehindCommit();
    }

    /** conntrackd's internal cache has at once what it commits; ours when somebody looks. */
    private void upToDate(Output out, boolean internal, Runnable show) {
        if (internal && node.ask(ControlService::isBehindCommit)) {
            afterResync(out, show);
        } else {
            show.run();
        }
    }

    private void afterResync(Output out, Runnable then) {
        await(
                out,
                (duty, done) -> SyncRequests.resyncKernel(
                        duty,
                        () -> controlThread.execute(() -> {
                            try {
                                then.run();
                            } catch (IllegalStateException notRunning) {
                                out.unserved();
                            } finally {
                                done.run();
                            }
                        })));
    }

    /** Without an internal cache {@code -i} shows the kernel's flows, in conntrack(8)'s lines and never as XML. */
    private void dumpKernel(Output out) {
        StringBuilder lines = new StringBuilder();
        await(
                out,
                (duty, done) -> SyncRequests.withSync(
                        duty,
                        done,
                        sync -> sync.dumpKernel(
                                flow -> lines.append(FlowLine.format(flow)).append('\n'),
                                failure -> controlThread.execute(() -> {
                                    out.text(lines);
                                    done.run();
                                }))));
    }
}
