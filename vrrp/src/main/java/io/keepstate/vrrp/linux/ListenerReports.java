// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets IGMP and MLD of virtual MAC interfaces leave by the interface below, so that switches do not learn the virtual MAC
 * from a backup. What does not work is in the log.
 */
final class ListenerReports implements VirtualMacListener {

    private static final Logger LOG = LoggerFactory.getLogger(HoldingsOwner.class);

    private final FirewallRules firewall;

    ListenerReports(FirewallRules firewall) {
        this.firewall = firewall;
    }

    @Override
    public void onCreated(VirtualMacInterface created) {
        int errno = firewall.redirectListenerReports(created.index(), created.parentIndex());
        if (errno != 0 && errno != Errno.EEXIST) {
            LOG.warn("IGMP and MLD of {} leave with the virtual MAC: {}", created.name(), Errno.describe(errno));
        }
    }

    @Override
    public void onRemoved(VirtualMacInterface removed) {
        firewall.forgetListenerReports(removed.index());
    }
}
