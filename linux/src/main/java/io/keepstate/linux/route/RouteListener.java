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

    /**
     * A route is gone.
     *
     * @param protocol who had set it, such as {@link Route#PROTOCOL_VRRP}
     */
    default void onRouteGone(int protocol) {}

    /**
     * A policy rule is gone.
     *
     * @param protocol who had set it; 0 if the kernel does not tell
     */
    default void onRuleGone(int protocol) {}
}
