// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.vrrp.Effect;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.StaticEntries;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.TrackedObjects;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.RejectReason;
import java.nio.file.Path;
import java.util.List;

/** A host of the lab that runs our VRRP. */
final class Host implements AutoCloseable {

    private final LabNamespace namespace;
    private final VrrpService service;
    private volatile State state = State.INITIALIZE;

    private Host(LabNamespace namespace, List<SyncGroupConfig> groups, TrackedObjects objects, Path journalDirectory) {
        this.namespace = namespace;
        this.service = VrrpService.start(
                task -> namespace.network().newThread("vrrp " + namespace, task),
                groups,
                objects,
                this::onEffect,
                journalDirectory);
    }

    static Host start(LabNamespace namespace, SyncGroupConfig... groups) {
        return new Host(namespace, List.of(groups), TrackedObjects.NONE, VirtualMacInterfaces.DEFAULT_DIRECTORY);
    }

    static Host start(LabNamespace namespace, TrackedObjects objects, SyncGroupConfig... groups) {
        return new Host(namespace, List.of(groups), objects, VirtualMacInterfaces.DEFAULT_DIRECTORY);
    }

    static Host start(LabNamespace namespace, Path journalDirectory, SyncGroupConfig... groups) {
        return new Host(namespace, List.of(groups), TrackedObjects.NONE, journalDirectory);
    }

    private void onEffect(Effect effect) {
        if (effect instanceof Effect.GroupStateChanged change) {
            state = change.to();
        }
    }

    /** Has these static entries from now on. */
    void statics(StaticEntries entries) {
        service.ask((vrrp, now) -> {
                    vrrp.setStatics(entries, now);
                    return vrrp;
                })
                .join();
    }

    /** Its virtual router of this name is this one from now on. */
    void configure(VirtualRouterConfig router) {
        service.ask((vrrp, now) -> {
                    vrrp.router(router.name()).reconfigure(router, now);
                    return vrrp;
                })
                .join();
    }

    /** How many packets for this virtual router failed a check for this reason. */
    long rejected(String router, RejectReason reason) {
        return service.ask((vrrp, now) -> vrrp.sockets().stream()
                        .mapToLong(socket -> socket.rejects(vrrp.router(router)).get(reason))
                        .sum())
                .join();
    }

    /** The state of its group. */
    State state() {
        return state;
    }

    boolean isActive() {
        return state == State.ACTIVE;
    }

    /** Whether this address is on any of its interfaces. */
    boolean holds(String address) {
        return namespace.holds(address);
    }

    /** Ends without a word, as by SIGKILL: nothing is taken down. */
    void crash() {
        service.abandon();
    }

    /** Stops in order: priority 0, addresses down. */
    @Override
    public void close() {
        service.close();
    }
}
