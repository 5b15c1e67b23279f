// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.util.List;
import java.util.OptionalInt;

/**
 * Authentication by a trailer behind the advertisement: HMAC-SHA256 cut to 128 bits, a key identifier and a sequence
 * number that is a clock. An extension of keepalived 2.4 ({@code auth_hmac}; draft-cassen-vrrp-auth-hmac), for both
 * versions, both families, multicast and unicast.
 *
 * @param keys one or several, with different identifiers: all are accepted, so that a key can be changed without a gap
 * @param activeKeyId the identifier of the key to sign with
 * @param antiReplay what makes an advertisement too old
 * @param timeWindowSeconds how far a sender's clock may be from ours, 1 to 300; empty for {@code max(3 intervals, 5
 *     s)}. Used with
 *     {@link AntiReplay#TIME} only
 * @param mode what is signed and what is demanded
 */
public record HmacAuthentication(
        List<HmacKey> keys, int activeKeyId, AntiReplay antiReplay, OptionalInt timeWindowSeconds, Mode mode) {

    private static final int LEAST_DEFAULT_WINDOW = 5;
    private static final int LONGEST_WINDOW = 300;
    private static final int CENTIS_PER_SECOND = 100;

    /** What makes an advertisement too old. */
    public enum AntiReplay {
        /** A sequence number that does not grow, or a clock too far from ours. Needs synchronised clocks. */
        TIME,
        /**
         * A sequence number that does not grow. Needs no clocks, and cannot tell a first advertisement from an old one.
         */
        MONOTONIC
    }

    /** What is signed and what is demanded. What is signed is verified in every mode. */
    public enum Mode {
        /** Signs, and accepts nothing unsigned. */
        ENFORCE(true, true),
        /** Signs, and accepts what is not signed: for peers that do not sign yet. */
        PERMISSIVE(true, false),
        /** Signs nothing: for peers that cannot stand a trailer yet. */
        RECEIVE_ONLY(false, false);

        private final boolean signs;
        private final boolean demands;

        Mode(boolean signs, boolean demands) {
            this.signs = signs;
            this.demands = demands;
        }

        /** Whether own advertisements are signed. */
        public boolean signs() {
            return signs;
        }

        /** Whether an advertisement without a trailer is rejected. */
        public boolean demandsSignature() {
            return demands;
        }
    }

    /** Refuses what cannot work, with a sentence that never shows a key. */
    public HmacAuthentication {
        keys = List.copyOf(keys);
        check(!keys.isEmpty(), "HMAC authentication needs at least one key");
        check(
                keys.stream().map(HmacKey::id).distinct().count() == keys.size(),
                "two HMAC keys have the same id: give each key of a virtual router its own");
        check(
                hasKey(keys, activeKeyId),
                "the active HMAC key " + activeKeyId + " is not among the keys; configure it, or choose one of "
                        + keys);
        check(
                timeWindowSeconds.isEmpty()
                        || (timeWindowSeconds.getAsInt() >= 1 && timeWindowSeconds.getAsInt() <= LONGEST_WINDOW),
                "HMAC time window of " + timeWindowSeconds.orElse(0) + " s must be 1 to 300 s");
    }

    /** With this one key, and keepalived's defaults: enforce, by time, window from the interval. */
    public static HmacAuthentication of(HmacKey key) {
        return new HmacAuthentication(List.of(key), key.id(), AntiReplay.TIME, OptionalInt.empty(), Mode.ENFORCE);
    }

    /** The same in another mode. */
    public HmacAuthentication withMode(Mode value) {
        return new HmacAuthentication(keys, activeKeyId, antiReplay, timeWindowSeconds, value);
    }

    /**
     * The time window in seconds: the configured one, or three intervals and at least five seconds.
     *
     * @param intervalCentis the virtual router's own interval in centiseconds
     */
    public int windowSeconds(int intervalCentis) {
        int threeIntervals = (3 * intervalCentis + CENTIS_PER_SECOND - 1) / CENTIS_PER_SECOND;
        return timeWindowSeconds.orElse(Math.max(threeIntervals, LEAST_DEFAULT_WINDOW));
    }

    private static boolean hasKey(List<HmacKey> keys, int id) {
        return keys.stream().anyMatch(key -> key.id() == id);
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(complaint);
        }
    }
}
