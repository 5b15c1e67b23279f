// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

/**
 * Told when an interface with a virtual MAC has come or gone, on the thread of {@link VirtualMacInterfaces}. For firewall
 * rules: what IGMP and MLD say about group membership must not leave a standby with the virtual MAC, or the switches
 * learn it there.
 */
public interface VirtualMacListener {

    /** It is there, not switched on yet. */
    void onCreated(VirtualMacInterface created);

    /** It is gone, or about to be. */
    void onRemoved(VirtualMacInterface removed);
}
