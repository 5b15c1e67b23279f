// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.keepstate.vrrp.VirtualAddress;
import java.util.List;

/** Puts virtual addresses on interfaces and takes them off. Both are idempotent. */
public interface Addresses {
    /** Adds all, without duplicate address detection; one that is there already counts as added. */
    void add(List<VirtualAddress> addresses, Completion done);

    /** Removes all; one that is gone already counts as removed. */
    void remove(List<VirtualAddress> addresses, Completion done);
}
