// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

/**
 * What the kernel took in part only, of the flows that were put into it.
 *
 * @param withoutHelper flows created without their helper, which this kernel does not know
 * @param withoutLabels flows updated without their labels, for which this kernel has no room
 * @param lostBatches batches some of whose answers were lost, and that were checked again
 */
public record KernelWritesSnapshot(long withoutHelper, long withoutLabels, long lostBatches) {}
