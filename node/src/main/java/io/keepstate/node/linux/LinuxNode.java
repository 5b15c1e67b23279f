// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.loop.EventLoop;
import io.keepstate.node.SyncDuty;
import io.keepstate.node.VrrpDuty;
import io.keepstate.node.VrrpOrder;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.Role;
import io.keepstate.node.stats.NodeStats;
import io.keepstate.node.stats.RouterSnapshot;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.linux.VirtualMacInterfaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A firewall node on this machine: VRRP, state synchronisation, or both.
 *
 * <pre>{@code
 * LinuxNode node = LinuxNode.builder()
 *         .configuration(NodeConfiguration.of(groups, sync))
 *         .listener(event -> System.out.println(event.text()))
 *         .build();
 * node.start();
 * ...
 * node.stop();
 * }</pre>
 *
 * <p>{@link #start} opens everything in the network namespace of the calling thread and starts two threads there. Nothing
 * is left behind when it fails. {@link #stop} resigns, takes the addresses down and leaves the kernel's flows alone.
 * Signals are the application's business. A node is started once.
 *
 * <p>All methods may be called from any thread but the node's own; listeners are called on the sync loop.
 */
public final class LinuxNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNode.class);
    private static final long STOP_MILLIS = 5000;
    private static final long ANSWER_MILLIS = 5000;

    private volatile NodeConfiguration configuration;
    private final List<NodeListener> listeners;
    private final int realTimePriority;
    private final boolean addressLeases;
    private final Path journalDirectory;
    private @Nullable RunningNode running;
    private boolean used;

    private LinuxNode(Builder builder) {
        configuration = builder.configured();
        listeners = List.copyOf(builder.listeners);
        realTimePriority = builder.realTimePriority;
        addressLeases = builder.addressLeases;
        journalDirectory = builder.journalDirectory;
    }

    /** Starts the description of a node. */
    public static Builder builder() {
        return new Builder();
    }

    /** What the node was told to be. */
    public NodeConfiguration configuration() {
        return configuration;
    }

    /**
     * Opens all sockets, removes virtual addresses that an earlier process may have left, and begins.
     *
     * @throws NodeStartException when something is missing: one sentence that says what, and how to fix it
     */
    public synchronized void start() throws NodeStartException {
        if (used) {
            throw new IllegalStateException("a node is started once; build another");
        }
        used = true;
        RunningNode node =
                RunningNode.open(configuration, this::publish, realTimePriority, addressLeases, journalDirectory);
        node.start();
        running = node;
    }

    /** Resigns where active, takes the addresses down and closes everything; a second call does nothing. */
    public synchronized void stop() {
        RunningNode node = running;
        running = null;
        if (node != null) {
            node.stop(STOP_MILLIS);
        }
    }

    /** The same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    /**
     * Runs something on the sync loop, where all of the node's state may be read and all operations may be asked for. It
     * must return at once.
     *
     * @return false when the node does not run, or has too many commands waiting
     */
    public boolean execute(Consumer<SyncDuty> command) {
        RunningNode node = current();
        return node != null && node.execute(command);
    }

    /**
     * Lets the application watch descriptors of its own, such as a control socket, on the sync loop. What it registers must
     * be closed before the node is stopped.
     *
     * @return false when the node does not run, or has too many commands waiting
     */
    public boolean executeOnLoop(Consumer<EventLoop> command) {
        RunningNode node = current();
        return node != null && node.executeOnLoop(command);
    }

    /**
     * Asks something on the sync loop and waits for the answer.
     *
     * @throws IllegalStateException when the node does not run or does not answer
     */
    public <T> T ask(Function<SyncDuty, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        return answerOf(answer, execute(duty -> answer(answer, duty, question)));
    }

    /**
     * All virtual routers as they are now, in the order of the configuration; none in a node that only replicates.
     *
     * @throws IllegalStateException when the node does not run or does not answer
     */
    public List<RouterSnapshot> routers() {
        if (configuration.groups().isEmpty()) {
            return List.of();
        }
        return askVrrp(current(), RunningNode::routers);
    }

    /**
     * Becomes another configuration without giving anything up that both have: see {@link
     * io.keepstate.node.config.ConfigurationChange}. Waits for both loops; not to be called on one of them.
     *
     * @throws NodeStartException when it cannot: one sentence; the node goes on as it was then
     */
    public synchronized void reload(NodeConfiguration changed) throws NodeStartException {
        if (running == null) {
            throw new IllegalStateException("the node does not run");
        }
        new NodeReload(this, running, configuration, changed).run();
        configuration = changed;
    }

    /** Asks something on the VRRP loop, which is not to be kept waiting, and waits for the answer. */
    static <T> T askVrrp(@Nullable RunningNode node, BiFunction<RunningNode, VrrpDuty, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean taken =
                node != null && node.executeOnVrrp(duty -> answer(answer, duty, some -> question.apply(node, some)));
        return answerOf(answer, taken);
    }

    private static <D, T> void answer(CompletableFuture<T> answer, D duty, Function<D, T> question) {
        try {
            answer.complete(question.apply(duty));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static <T> T answerOf(CompletableFuture<T> answer, boolean taken) {
        if (!taken) {
            throw new IllegalStateException("the node does not run, or is too busy to answer");
        }
        try {
            return answer.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the node was asked", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the node could not answer", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the node did not answer in " + ANSWER_MILLIS + " ms", e);
        }
    }

    /**
     * Gives an order to the elections. The future is completed on the sync loop, so what depends on it must return at once
     * or go elsewhere; it fails with an IllegalStateException of one sentence when the order is refused or the node does
     * not run.
     */
    public CompletableFuture<Void> order(VrrpOrder order) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        boolean taken = execute(duty -> duty.elections().order(order, failure -> {
            if (failure == null) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(new IllegalStateException(failure));
            }
        }));
        if (!taken) {
            answer.completeExceptionally(
                    new IllegalStateException("the node does not run, or is too busy to take an order"));
        }
        return answer;
    }

    /** Gives the role of a group away; see {@link VrrpOrder.Resign}. */
    public CompletableFuture<Void> resign(String group, String reason) {
        return order(new VrrpOrder.Resign(group, reason));
    }

    /** Takes a group out of the elections; see {@link VrrpOrder.Pause}. */
    public CompletableFuture<Void> pause(String group) {
        return order(new VrrpOrder.Pause(group));
    }

    /** Lets a group take part again; see {@link VrrpOrder.Resume}. */
    public CompletableFuture<Void> resume(String group) {
        return order(new VrrpOrder.Resume(group));
    }

    /** Changes the base priority of a virtual router; see {@link VrrpOrder.SetPriority}. */
    public CompletableFuture<Void> setPriority(String router, int priority) {
        return order(new VrrpOrder.SetPriority(router, priority));
    }

    /** Gives a virtual router one more address, advertised; see {@link VrrpOrder.AddAddress}. */
    public CompletableFuture<Void> addAddress(String router, VirtualAddress address) {
        return order(new VrrpOrder.AddAddress(router, address, true));
    }

    /** Takes an address from a virtual router; see {@link VrrpOrder.RemoveAddress}. */
    public CompletableFuture<Void> removeAddress(String router, IpAddress address) {
        return order(new VrrpOrder.RemoveAddress(router, address));
    }

    /** Roles by group. */
    public Map<String, Role> roles() {
        return ask(SyncDuty::roles);
    }

    /** A snapshot of all counters. */
    public NodeStats stats() {
        RunningNode node = current();
        if (node == null) {
            throw new IllegalStateException("the node does not run");
        }
        return ask(node::stats);
    }

    private synchronized @Nullable RunningNode current() {
        return running;
    }

    private void publish(NodeEvent event) {
        if (event.isWarning()) {
            LOG.warn("{}", event.text());
        } else {
            LOG.info("{}", event.text());
        }
        for (NodeListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException e) {
                // A listener is somebody else's code: its failure must not cost the role.
                LOG.error("a listener failed on '{}'", event.text(), e);
            }
        }
    }

    /** Collects what a node is made of. */
    public static final class Builder {
        private static final int DEFAULT_REAL_TIME_PRIORITY = 20;

        private final List<NodeListener> listeners = new ArrayList<>();
        private @Nullable NodeConfiguration configuration;
        private int realTimePriority = DEFAULT_REAL_TIME_PRIORITY;
        private boolean addressLeases = true;
        private Path journalDirectory = VirtualMacInterfaces.DEFAULT_DIRECTORY;

        private Builder() {}

        /** What the node is to be; required. */
        public Builder configuration(NodeConfiguration value) {
            configuration = value;
            return this;
        }

        /** Adds a listener of the node's events. */
        public Builder listener(NodeListener value) {
            listeners.add(value);
            return this;
        }

        /**
         * SCHED_RR priority of the VRRP loop, 1..99; the sync loop runs two below, the machine's own threads between. 0
         * for normal threads. Default 20; a refusal warns.
         */
        public Builder realTimePriority(int value) {
            if (value < 0 || value > 99) {
                throw new IllegalArgumentException("real-time priority " + value + " is not in 0..99");
            }
            realTimePriority = value;
            return this;
        }

        /**
         * Whether virtual addresses have a finite lifetime and are renewed, so that the kernel takes them from a process that
         * is stopped, killed or stuck; default true. False leaves them for ever, as keepalived does.
         */
        public Builder addressLeases(boolean value) {
            addressLeases = value;
            return this;
        }

        /**
         * Where the originals of kernel parameters are kept that virtual MACs change, so that they come back after a crash;
         * default {@code /run/keepstate}, made when needed.
         */
        public Builder journalDirectory(Path value) {
            journalDirectory = value;
            return this;
        }

        /** The node, not started. */
        public LinuxNode build() {
            return new LinuxNode(this);
        }

        private NodeConfiguration configured() {
            if (configuration == null) {
                throw new IllegalStateException("a node needs a configuration");
            }
            return configuration;
        }
    }
}
