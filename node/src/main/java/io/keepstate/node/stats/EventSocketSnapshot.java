// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

/**
 * The socket of the kernel's events in numbers.
 *
 * @param bufferSize of its receive buffer now, in octets
 * @param overruns times the kernel reported lost events
 * @param unknown messages that were no event of a flow, or could not be read
 * @param growths times the receive buffer was doubled after an overrun
 * @param filteredInKernel whether the kernel filters what the socket gets ({@code Filter From Kernelspace})
 */
public record EventSocketSnapshot(
        int bufferSize, long overruns, long unknown, long growths, boolean filteredInKernel) {}
