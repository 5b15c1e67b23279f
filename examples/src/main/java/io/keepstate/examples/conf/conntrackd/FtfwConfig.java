// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

/**
 * The {@code Mode FTFW} block.
 *
 * @param disableExternalCache inject what the peer sends into the kernel at once (default off)
 * @param commitTimeoutSeconds timeout given to committed flows; 0 means the timeout the peer sent
 * @param purgeTimeoutSeconds how long after leaving the active role the own flows are deleted (default 60)
 * @param resendQueueSize messages kept until acknowledged (default 131072)
 * @param ackWindowSize messages between acknowledgements (default 300)
 * @param startupResync ask the peer for its table once after start (default off)
 */
public record FtfwConfig(
        boolean disableExternalCache,
        int commitTimeoutSeconds,
        int purgeTimeoutSeconds,
        int resendQueueSize,
        int ackWindowSize,
        boolean startupResync) {}
