// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

/**
 * What went from the kernel straight to the wire ({@code DisableInternalCache}): the block {@code internal bypass:} of
 * {@code conntrackd -s}.
 *
 * @param created new flows sent
 * @param updated updates sent
 * @param destroyed ends sent
 * @param withheld not sent, since the wire cannot carry the flow
 * @param refused not sent, since too much waited to be sent
 */
public record BypassSnapshot(long created, long updated, long destroyed, long withheld, long refused) {}
