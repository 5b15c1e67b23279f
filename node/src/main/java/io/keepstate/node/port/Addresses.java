// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.keepstate.node.config.VrrpGroup;

/**
 * Puts up what the virtual routers of a group hold while active (addresses, routes, policy rules), and takes it down. Both
 * are idempotent.
 */
public interface Addresses {
    /**
     * Puts up all, addresses without duplicate address detection; what is there already counts as put up. If the group holds
     * something else already, that is taken down and the rest stays.
     */
    void up(VrrpGroup group, Completion done);

    /** Takes down all; what is gone already counts as taken down. */
    void down(VrrpGroup group, Completion done);
}
