// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.node.SyncDuty;
import io.keepstate.node.VrrpDuty;
import io.keepstate.node.VrrpOrder;
import io.keepstate.node.config.ConfigurationChange;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.Regrouping;
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
        List<Prepared> prepared = prepare(groups, change.added());
        List<Prepared> joining = prepare(
                groups,
                change.regrouped().stream()
                        .flatMap(each -> each.joiningPart().stream())
                        .toList());
        letGo(groups, change);
        onSyncDuty(duty -> {
            groups.dropVirtualMacs(from, change.gone(from));
            groups.watch(to);
        });
        // Before the routers that refer to it, so that what is new may be known when they do.
        onSync(() -> groups.track(to));
        for (VirtualRouterConfig router : change.configured()) {
            configure(router);
            onSyncDuty(duty -> groups.configured(router));
        }
        for (Prepared members : joining) {
            onSyncDuty(duty -> groups.expectMembers(members));
            onVrrp(duty -> groups.enlist(duty, members));
        }
        for (Prepared group : prepared) {
            onSyncDuty(duty -> groups.admit(duty, group));
            onVrrp(duty -> groups.open(duty, group));
        }
        onSyncDuty(duty -> groups.tellSurroundings(duty, to));
        for (Regrouping each : change.regrouped()) {
            regroup(each);
        }
        for (Prepared group : prepared) {
            onVrrp(duty -> duty.begin(group.group().name(), System.nanoTime()));
        }
    }

    private void letGo(GroupChanges groups, ConfigurationChange change) throws NodeStartException {
        for (VrrpGroup group : from.groups()) {
            if (change.removed().contains(group.name())) {
                onVrrp(duty -> groups.close(duty, group, System.nanoTime()));
                onSyncDuty(duty -> groups.forget(duty, group, System.nanoTime()));
            }
        }
        for (Regrouping each : change.regrouped()) {
            VrrpGroup leaving = each.leavingPart().orElse(null);
            if (leaving != null) {
                onVrrp(duty -> groups.dismiss(duty, leaving, System.nanoTime()));
                onSyncDuty(duty -> groups.forgetMembers(duty, each.staying(), leaving, System.nanoTime()));
            }
        }
    }

    /** The elections first: addresses follow the role. */
    private void regroup(Regrouping change) throws NodeStartException {
        VrrpGroup group = change.group();
        List<String> joined =
                change.joining().stream().map(VirtualRouterConfig::name).toList();
        onVrrp(duty -> duty.regroup(group, System.nanoTime()));
        onSyncDuty(duty -> duty.regroup(group, List.of(), joined, System.nanoTime()));
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

    private List<Prepared> prepare(GroupChanges groups, List<VrrpGroup> coming) throws NodeStartException {
        List<Prepared> prepared = new ArrayList<>();
        for (VrrpGroup group : coming) {
            prepared.add(prepare(groups, group));
        }
        return prepared;
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

    private void onSyncDuty(Consumer<SyncDuty> step) throws NodeStartException {
        onSync(() -> node.ask(duty -> {
            step.accept(duty);
            return true;
        }));
    }

    private void onVrrp(Consumer<VrrpDuty> step) throws NodeStartException {
        onSync(() -> LinuxNode.askVrrp(running, (some, duty) -> {
            step.accept(duty);
            return true;
        }));
    }
}
