// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.process.ProcessIdentity;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What crashed processes left: each macvlan bears the name of its process as alias, so that the next start can tell what
 * nobody has any more from what is somebody's.
 */
final class VirtualMacLeftovers {

    private static final Logger LOG = LoggerFactory.getLogger(VirtualMacInterfaces.class);
    private static final String ALIAS = "keepstate ";
    private static final String MACVLAN = "macvlan";

    private final Rtnetlink rtnetlink;

    VirtualMacLeftovers(Rtnetlink rtnetlink) {
        this.rtnetlink = rtnetlink;
    }

    /** What an interface of this process is called beside its name. */
    static String alias() {
        return ALIAS + ProcessIdentity.current();
    }

    /** Removes the macvlans that bear the name of a process that is dead. */
    void remove() {
        for (Link link : rtnetlink.links()) {
            Optional<ProcessIdentity> owner = owner(link);
            if (MACVLAN.equals(link.kind()) && owner.isPresent() && !owner.get().isAlive()) {
                LOG.info(
                        "removing interface {} of process {}, which is dead",
                        link.name(),
                        owner.get().pid());
                rtnetlink.changeLinks().delete(link.index());
            }
        }
    }

    /**
     * Removes what a crash left under the name of an interface that is to be made.
     *
     * @throws IllegalStateException if it is somebody's, with a sentence
     */
    void clear(VirtualMacPlan plan) {
        Optional<Link> taken = rtnetlink.link(plan.name());
        if (taken.isEmpty()) {
            return;
        }
        check(plan, taken.get());
        LOG.info("removing interface {}, which a former run left", plan.name());
        rtnetlink.changeLinks().delete(taken.get().index());
    }

    /**
     * Looks whether what has the name of an interface that is to be made may be removed.
     *
     * @throws IllegalStateException if it is somebody's, with a sentence
     */
    static void check(VirtualMacPlan plan, Link link) {
        String who = "virtual router " + plan.routerName() + ": interface " + plan.name();
        Optional<ProcessIdentity> owner = owner(link);
        ProcessIdentity self = ProcessIdentity.current();
        if (owner.isPresent() && owner.get().isAlive() && !owner.get().equals(self)) {
            throw new IllegalStateException(who + " belongs to the running process "
                    + owner.get().pid() + "; stop that one, or give use_vmac another name");
        }
        boolean looksOurs = MACVLAN.equals(link.kind())
                && (owner.isPresent()
                        || (link.mac() != null
                                && link.mac().value() == plan.address().bits()));
        if (!looksOurs) {
            throw new IllegalStateException(who + " exists already, as "
                    + (link.kind() == null ? "hardware" : link.kind()) + " with address " + link.mac()
                    + ", and is not a virtual MAC that a former run left; remove it (ip link delete " + plan.name()
                    + ") or give use_vmac another name");
        }
    }

    private static Optional<ProcessIdentity> owner(Link link) {
        String alias = link.alias();
        if (alias == null || !alias.startsWith(ALIAS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ProcessIdentity.parse(alias.substring(ALIAS.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
