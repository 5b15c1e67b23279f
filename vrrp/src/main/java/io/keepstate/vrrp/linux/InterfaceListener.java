// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

/** Told by an {@link InterfaceWatcher} what happened to an interface. */
public interface InterfaceListener {
    /** The interface has become able, or unable, to carry packets; told once for each change. */
    void onLink(String interfaceName, boolean up, long nowNanos);

    /**
     * The interface of this name is another one than before: it was deleted, or made again.
     *
     * @param index its number now; 0 if there is none
     */
    default void onReplaced(String interfaceName, int index, long nowNanos) {}

    /** An address of the interface came or went, or was changed. */
    default void onAddresses(String interfaceName, long nowNanos) {}
}
