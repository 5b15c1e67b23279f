// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

/**
 * How a stream of probes (UDP ping-pong, ICMP echo) fares; shown, not judged.
 *
 * @param sent probes sent
 * @param answered answers received
 * @param longestGapMillis longest time without an answer
 */
public record Pulse(long sent, long answered, long longestGapMillis) {}
