// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

/** Something an event loop can wait for. */
public interface Pollable {
    /**
     * The open file descriptor.
     *
     * @throws IllegalStateException if it was closed
     */
    int fd();
}
