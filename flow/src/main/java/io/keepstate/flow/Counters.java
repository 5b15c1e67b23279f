// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** Packets and bytes seen in one direction; unsigned 64-bit numbers. */
public record Counters(long packets, long bytes) {}
