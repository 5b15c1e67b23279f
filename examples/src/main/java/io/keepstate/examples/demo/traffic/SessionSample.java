// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

/**
 * How a session stands, at one moment.
 *
 * @param kind what it does
 * @param family its addresses
 * @param route which of the routes it takes, from 0
 * @param received checked octets since it was opened
 * @param moved checked octets since the mark (the takeover)
 * @param broken why it ended, or that its content was wrong; empty while it is well
 * @param reset whether the peer's end was reset
 * @param quietNanos the time since the last content; 0 for an idle session
 * @param stallNanos the longest time without content since the watch began; 0 for an idle session
 */
public record SessionSample(
        SessionKind kind,
        Family family,
        int route,
        long received,
        long moved,
        String broken,
        boolean reset,
        long quietNanos,
        long stallNanos) {}
