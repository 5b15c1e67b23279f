// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/**
 * Limits of an {@link ExternalCache}, and how its flows are committed.
 *
 * @param hashLimit the most flows it holds, conntrackd's {@code HashLimit}; at least 1
 * @param commitTimeoutSeconds the lifetime every committed flow gets, conntrackd's {@code CommitTimeout}; 0: what
 *     is left of the lifetime that the peer told
 * @param hashSeed a number an attacker does not know, drawn once by the application
 */
public record ExternalCacheConfig(int hashLimit, int commitTimeoutSeconds, long hashSeed) {
    /** conntrackd's defaults. */
    public static final ExternalCacheConfig DEFAULT = new ExternalCacheConfig(262_144, 0, 0);

    /** Checks the ranges. */
    public ExternalCacheConfig {
        if (hashLimit < 1 || commitTimeoutSeconds < 0) {
            throw new IllegalArgumentException("hashLimit " + hashLimit + " must be at least 1, commitTimeoutSeconds "
                    + commitTimeoutSeconds + " at least 0");
        }
    }

    /** With another limit of flows. */
    public ExternalCacheConfig withHashLimit(int limit) {
        return new ExternalCacheConfig(limit, commitTimeoutSeconds, hashSeed);
    }

    /** With another lifetime of committed flows. */
    public ExternalCacheConfig withCommitTimeoutSeconds(int seconds) {
        return new ExternalCacheConfig(hashLimit, seconds, hashSeed);
    }

    /** With another seed. */
    public ExternalCacheConfig withHashSeed(long seed) {
        return new ExternalCacheConfig(hashLimit, commitTimeoutSeconds, seed);
    }
}
