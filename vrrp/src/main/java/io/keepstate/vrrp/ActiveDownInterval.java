// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Version;

/** The two formulas that decide who takes over, and when (RFC 9568 section 6.1, RFC 3768 section 6.1). */
public final class ActiveDownInterval {

    /** Advertisements that may be lost before the active router is taken for dead, if nothing else is configured. */
    public static final int ADVERTS = 3;

    private static final long NANOS_PER_CENTI = 10_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int PRIORITIES = 256;

    private ActiveDownInterval() {}

    /**
     * Skew_Time: what sets backups of different priority apart. Version 2: {@code (256 - priority) / 256} of a second,
     * whatever the interval; version 3: of the active router's interval.
     *
     * @return nanoseconds
     */
    public static long skewNanos(Version version, int priority, int activeIntervalCentis) {
        long unit = version == Version.V2 ? NANOS_PER_SECOND : intervalNanos(activeIntervalCentis);
        return (PRIORITIES - priority) * unit / PRIORITIES;
    }

    /**
     * Active_Down_Interval (Master_Down_Interval): three intervals of the active router and the skew time.
     *
     * @return nanoseconds
     */
    public static long nanos(Version version, int priority, int activeIntervalCentis) {
        return nanos(version, priority, activeIntervalCentis, ADVERTS);
    }

    /**
     * The same with another number of intervals than three (keepalived: down_timer_adverts).
     *
     * @return nanoseconds
     */
    public static long nanos(Version version, int priority, int activeIntervalCentis, int adverts) {
        return adverts * intervalNanos(activeIntervalCentis) + skewNanos(version, priority, activeIntervalCentis);
    }

    /** An interval of the wire in nanoseconds. */
    public static long intervalNanos(int centis) {
        return centis * NANOS_PER_CENTI;
    }
}
