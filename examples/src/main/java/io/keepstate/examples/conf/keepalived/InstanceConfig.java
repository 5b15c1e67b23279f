// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.vrrp.VirtualRouterConfig;

/**
 * One {@code vrrp_instance}.
 *
 * @param router what it is to the protocol: every directive that concerns elections, adverts and addresses
 * @param initialState the {@code state} wished for at start; it has no effect but on defaults
 * @param scripts the scripts run when the instance changes state
 * @param priorityChanges {@code notify_priority_changes}: changes of its priority are told
 * @param strict {@code vrrp_strict}, {@code strict_mode}: held to the letter of the protocol
 * @param line where the block begins
 */
public record InstanceConfig(
        VirtualRouterConfig router,
        InitialState initialState,
        NotifyConfig scripts,
        boolean priorityChanges,
        boolean strict,
        int line) {

    /** The {@code state} directive. */
    public enum InitialState {
        /** {@code state MASTER}. */
        MASTER,
        /** {@code state BACKUP}. */
        BACKUP
    }

    /** The instance's name. */
    public String name() {
        return router.name();
    }

    /** Its priority before anything tracked changes it. */
    public int priority() {
        return router.priority();
    }

    /** The same instance as another router. */
    InstanceConfig withRouter(VirtualRouterConfig other) {
        return new InstanceConfig(other, initialState, scripts, priorityChanges, strict, line);
    }

    /** The same instance with other scripts. */
    public InstanceConfig withScripts(NotifyConfig other) {
        return new InstanceConfig(router, initialState, other, priorityChanges, strict, line);
    }
}
