// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

/** How state travels to the peer. */
public enum SyncMode {
    /** Reliable: sequence numbers, acknowledgements, resends; two nodes. */
    FTFW
}
