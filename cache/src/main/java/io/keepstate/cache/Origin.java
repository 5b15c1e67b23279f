// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/** Whose request caused a kernel event. Events of our own requests enter the cache but are not told to the peers. */
public enum Origin {
    /** Packets, timers, or another process. */
    KERNEL,
    /** Our own commit of a peer's flows. */
    COMMIT,
    /** Our own flush of the kernel table. */
    FLUSH
}
