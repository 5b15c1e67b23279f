// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.node.VrrpDuty;
import io.keepstate.node.VrrpOrder;
import io.keepstate.node.config.ConfigurationChange;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.linux.GroupChanges.Prepared;
import io.keepstate.vrrp.Surroundings;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Makes a running node another one, on the caller's thread, which waits for both loops. */
final class NodeReload {
    private static final long ANSWER_MILLIS = 5000;

    private final LinuxNode node;
    private final RunningNode running;
    private final NodeConfiguration from;
    private final NodeConfiguration to;

    NodeReload(LinuxNode node, RunningNode running, NodeConfiguration from, NodeConfiguration to) {
        this.node = node;
        this.running = running;
        this.from = from;
        this.to = to;
    }

    /** Looks first whether all of it can be done; then does it. */
    void run() throws NodeStartException {
        ConfigurationChange change = ConfigurationChange.between(from, to);
        if (change.isEmpty() && to.equals(from)) {
            return;
        }
        checkPossible();
        GroupChanges groups = running.groupChanges();
        if (groups == null) {
            throw new NodeStartException(
                    "a node that began without elections cannot begin them while it runs;" + " restart it");
        }
        List<Prepared> prepared = new ArrayList<>();
        for (VrrpGroup group : change.added()) {
            prepared.add(prepare(groups, group));
        }
        for (VrrpGroup group : from.groups()) {
            if (change.removed().contains(group.name())) {
                onVrrp(duty -> groups.close(duty, group, System.nanoTime()));
                onSync(() -> node.ask(duty -> {
                    groups.forget(duty, group, System.nanoTime());
                    return true;
                }));
            }
        }
        onSync(() -> node.ask(duty -> {
            groups.dropVirtualMacs(from, change.removed());
            groups.watch(to);
            return true;
        }));
        // Before the routers that refer to it, so that what is new may be known when they do.
        onSync(() -> groups.track(to));
        for (VirtualRouterConfig router : change.configured()) {
            configure(router);
            onSync(() -> node.ask(duty -> {
                groups.configured(router);
                return true;
            }));
        }
        for (Prepared group : prepared) {
            onSync(() -> node.ask(duty -> {
                groups.admit(duty, group);
                return true;
            }));
            onVrrp(duty -> groups.open(duty, group));
        }
        onSync(() -> node.ask(duty -> {
            groups.tellSurroundings(duty, to);
            return true;
        }));
        for (Prepared group : prepared) {
            onVrrp(duty -> duty.begin(group.group().name(), System.nanoTime()));
        }
    }

    /** What is made once, at the start. */
    private void checkPossible() throws NodeStartException {
        if (!to.sync().equals(from.sync())) {
            throw new NodeStartException("the sync link of a node cannot be changed while it runs; restart it");
        }
        for (Tracked each : Surroundings.tracked(to.syncGroups())) {
            if (each.isObject() && !to.tracked().defines(each)) {
                throw new NodeStartException(each + " is tracked but not defined; define it or correct the name");
            }
        }
    }

    private Prepared prepare(GroupChanges groups, VrrpGroup group) throws NodeStartException {
        try {
            return node.ask(duty -> {
                try {
                    return groups.prepare(group, to);
                } catch (NodeStartException missing) {
                    throw new IllegalStateException(missing.getMessage());
                }
            });
        } catch (IllegalStateException e) {
            Throwable cause = e.getCause();
            throw new NodeStartException(String.valueOf((cause == null ? e : cause).getMessage()));
        }
    }

    private void configure(VirtualRouterConfig router) throws NodeStartException {
        try {
            node.order(new VrrpOrder.Configure(router)).get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeStartException("interrupted while " + router.name() + " was changed");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new NodeStartException(String.valueOf((cause == null ? e : cause).getMessage()), e);
        } catch (TimeoutException e) {
            throw new NodeStartException(
                    "virtual router " + router.name() + " did not answer in " + ANSWER_MILLIS + " ms", e);
        }
    }

    private static void onSync(Runnable step) throws NodeStartException {
        try {
            step.run();
        } catch (IllegalStateException e) {
            throw new NodeStartException(String.valueOf(e.getMessage()), e);
        }
    }

    private void onVrrp(Consumer<VrrpDuty> step) throws NodeStartException {
        onSync(() -> LinuxNode.askVrrp(running, (some, duty) -> {
            step.accept(duty);
            return true;
        }));
    }
}
