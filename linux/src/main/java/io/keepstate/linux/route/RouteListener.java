// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

/** Told what changed; each method does nothing unless overridden. */
public interface RouteListener {
    /** A link is new or has changed: flags, carrier, MTU, name... */
    default void onLink(Link link) {}

    /** A link is gone. */
    default void onLinkGone(Link link) {}

    /** An address is new or has changed, for instance when duplicate address detection ended. */
    default void onAddress(InterfaceAddress address) {}

    /** An address is gone. */
    default void onAddressGone(InterfaceAddress address) {}
}
