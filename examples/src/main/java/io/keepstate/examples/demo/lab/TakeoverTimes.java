// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

/**
 * When a node did the steps of a takeover, as wall-clock milliseconds; 0 for a step not seen.
 *
 * @param elected the node won the election
 * @param committed the peer's flows are in its kernel
 * @param addresses it holds all virtual addresses
 * @param flows how many flows it committed
 */
public record TakeoverTimes(long elected, long committed, long addresses, long flows) {
    /** Nothing seen yet. */
    public static final TakeoverTimes NONE = new TakeoverTimes(0, 0, 0, 0);

    TakeoverTimes withElected(long wallMillis) {
        return new TakeoverTimes(wallMillis, committed, addresses, flows);
    }

    TakeoverTimes withCommitted(long wallMillis, long count) {
        return new TakeoverTimes(elected, wallMillis, addresses, count);
    }

    TakeoverTimes withAddresses(long wallMillis) {
        return new TakeoverTimes(elected, committed, wallMillis, flows);
    }
}
