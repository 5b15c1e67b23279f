// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/**
 * Limits of an {@link InternalCache}.
 *
 * @param hashLimit the most flows it holds, conntrackd's {@code HashLimit}; at least 1
 * @param pinnedLimit the most deleted flows it keeps until the peers were told; beyond, the oldest are given up
 * @param peers how many sessions each send every flow and each call {@link InternalCache#released}; 0..127
 * @param hashSeed a number an attacker does not know, drawn once by the application
 */
public record InternalCacheConfig(int hashLimit, int pinnedLimit, int peers, long hashSeed) {
    /** conntrackd's defaults, one peer. */
    public static final InternalCacheConfig DEFAULT = new InternalCacheConfig(262_144, 131_072, 1, 0);

    /** Checks the ranges. */
    public InternalCacheConfig {
        if (hashLimit < 1 || pinnedLimit < 0) {
            throw new IllegalArgumentException(
                    "hashLimit " + hashLimit + " must be at least 1, pinnedLimit " + pinnedLimit + " at least 0");
        }
        if (peers < 0 || peers > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("peers " + peers + " is not in 0..127");
        }
    }

    /** With another limit of flows. */
    public InternalCacheConfig withHashLimit(int limit) {
        return new InternalCacheConfig(limit, pinnedLimit, peers, hashSeed);
    }

    /** With another limit of deleted flows waiting. */
    public InternalCacheConfig withPinnedLimit(int limit) {
        return new InternalCacheConfig(hashLimit, limit, peers, hashSeed);
    }

    /** With another number of sessions. */
    public InternalCacheConfig withPeers(int count) {
        return new InternalCacheConfig(hashLimit, pinnedLimit, count, hashSeed);
    }

    /** With another seed. */
    public InternalCacheConfig withHashSeed(long seed) {
        return new InternalCacheConfig(hashLimit, pinnedLimit, peers, seed);
    }
}
