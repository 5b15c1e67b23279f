// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.vrrp.Effect;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A host of the lab that runs our VRRP in a thread of its namespace. */
final class Host implements AutoCloseable {

    private final LabNamespace namespace;
    private final Thread thread;
    private final CountDownLatch running = new CountDownLatch(1);
    private final List<Effect.GroupStateChanged> changes = new CopyOnWriteArrayList<>();
    private volatile EventLoop loop;
    private volatile boolean crash;
    private volatile RuntimeException failure;

    private Host(LabNamespace namespace, List<SyncGroupConfig> groups) {
        this.namespace = namespace;
        this.thread = namespace.network().newThread("vrrp " + namespace, () -> run(groups));
    }

    static Host start(LabNamespace namespace, SyncGroupConfig... groups) throws InterruptedException {
        Host host = new Host(namespace, List.of(groups));
        host.thread.start();
        if (!host.running.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("VRRP on " + namespace + " did not start");
        }
        if (host.failure != null) {
            throw host.failure;
        }
        return host;
    }

    private void run(List<SyncGroupConfig> groups) {
        try (VrrpRuntime runtime = VrrpRuntime.open(groups, this::onEffect);
                EventLoop opened = new EventLoop("vrrp " + namespace, runtime, (part, count, last) -> {})) {
            loop = opened;
            runtime.register(opened);
            runtime.start(System.nanoTime());
            running.countDown();
            opened.run();
            if (!crash) {
                runtime.stop(System.nanoTime());
            }
        } catch (RuntimeException e) {
            failure = e;
            running.countDown();
        }
    }

    private void onEffect(Effect effect) {
        if (effect instanceof Effect.GroupStateChanged change) {
            changes.add(change);
        }
    }

    /** The state of its (first) group. */
    State state() {
        return changes.isEmpty()
                ? State.INITIALIZE
                : changes.get(changes.size() - 1).to();
    }

    boolean isActive() {
        return state() == State.ACTIVE;
    }

    /** Whether this address is on any of its interfaces. */
    boolean holds(String address) {
        return holds(namespace, address);
    }

    static boolean holds(LabNamespace namespace, String address) {
        IpAddress wanted = IpAddress.parse(address);
        return namespace.route(rtnetlink -> rtnetlink.addresses().stream()
                .anyMatch(held -> IpAddress.of(held.address()).equals(wanted)));
    }

    /** Ends without a word, as by SIGKILL: nothing is taken down. */
    void crash() {
        crash = true;
        close();
    }

    /** Stops in order: priority 0, addresses down. */
    @Override
    public void close() {
        loop.stop();
        try {
            thread.join(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
