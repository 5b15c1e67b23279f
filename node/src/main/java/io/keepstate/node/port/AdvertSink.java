// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.codec.Advertisement;

/** Puts adverts on the wire; on the VRRP loop, must not wait. */
@FunctionalInterface
public interface AdvertSink {
    /** Sends one advert of this router; an error is counted by the sink, the next advert is the repair. */
    void send(VirtualRouter router, Advertisement advertisement);

    /** Many may be sent from now on; they may be kept until {@link #flush}, to leave together. */
    default void gather() {}

    /** Whatever was kept leaves now. */
    default void flush() {}

    /** An interface was made anew under its old name: what was opened on it must follow. */
    default void interfaceReplaced(String interfaceName) {}

    /** A virtual router was configured anew: what is checked of adverts for it, and where its own go, may differ. */
    default void configured(VirtualRouter router) {}
}
